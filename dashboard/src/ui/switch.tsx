import type { ComponentChildren } from 'preact'
import './switch.css'

type SwitchProps<Choice extends string> = {
  label: string
  choices: readonly Choice[]
  chosen: Choice
  onChoose: (choice: Choice) => void
  /** What stands on a choice; with `nameOf` it may be a picture. */
  show: (choice: Choice) => ComponentChildren
  nameOf?: (choice: Choice) => string
}

/** A few choices beside each other, one of them pressed. */
export function Switch<Choice extends string>({ label, choices, chosen, onChoose, show, nameOf }: SwitchProps<Choice>) {
  return (
    <fieldset class="switch">
      <legend class="visually-hidden">{label}</legend>
      {choices.map(choice => {
        const named = nameOf === undefined ? {} : { 'aria-label': nameOf(choice), title: nameOf(choice) }
        return (
          <button
            {...named}
            type="button"
            key={choice}
            aria-pressed={chosen === choice}
            onClick={() => onChoose(choice)}
          >
            {show(choice)}
          </button>
        )
      })}
    </fieldset>
  )
}
