import { useEffect } from 'preact/hooks'
import { placeName } from './session.ts'

/** The document's title: what is on the screen, then whose wall it is. */
export function useTitle(title: string): void {
  const whole = [title, 'Pantau', placeName.value].filter(part => part !== '').join(' · ')
  useEffect(() => {
    document.title = whole
  }, [whole])
}
