/**
 * Where that which had the focus went away (a list that was shown whole, a form in place of its button, a row that was
 * removed) or can't be pressed any more, the keyboard goes on from the nearest thing around it that still stands, not
 * from the top of the page.
 */
export function startKeepingFocus(): void {
  let trail: Element[] = []
  let isLooking = false
  document.addEventListener('focusin', event => {
    trail = []
    for (let at = event.target instanceof Element ? event.target : null; at !== null; at = at.parentElement) {
      if (at !== document.body && at !== document.documentElement) trail.push(at)
    }
  })

  function look(): void {
    isLooking = false
    const [lost, ...around] = trail
    if (lost === undefined || document.activeElement !== document.body) return
    if (lost.isConnected && !lost.matches(':disabled')) return
    const next = around.find((one): one is HTMLElement => one.isConnected && one instanceof HTMLElement)
    trail = []
    if (next === undefined) return
    if (!next.hasAttribute('tabindex')) next.tabIndex = -1
    next.focus({ preventScroll: true })
  }

  // The browser itself lets go of a button that was disabled only when it draws; what takes the focus by itself comes first.
  const observer = new MutationObserver(() => {
    if (isLooking || trail.length === 0) return
    isLooking = true
    requestAnimationFrame(() => setTimeout(look))
  })
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
}
