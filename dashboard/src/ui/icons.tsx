import type { ComponentChildren } from 'preact'

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.700"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export function DarkIcon() {
  return (
    <Icon>
      <path d="M16.500 12.200A7 7 0 0 1 7.800 3.500a7 7 0 1 0 8.700 8.700z" />
    </Icon>
  )
}

export function LightIcon() {
  return (
    <Icon>
      <circle cx="10" cy="10" r="3.400" />
      <path d="M10 2v1.700M10 16.300V18M2 10h1.700M16.300 10H18M4.300 4.300l1.200 1.200M14.500 14.500l1.200 1.200M4.300 15.700l1.200-1.200M14.500 5.500l1.200-1.200" />
    </Icon>
  )
}

export function AutoIcon() {
  return (
    <Icon>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 3v14a7 7 0 0 0 0-14z" fill="currentColor" />
    </Icon>
  )
}

export function FullScreenIcon() {
  return (
    <Icon>
      <path d="M3 7.500V3h4.500M12.500 3H17v4.500M17 12.500V17h-4.500M7.500 17H3v-4.500" />
    </Icon>
  )
}

export function HelpIcon() {
  return (
    <Icon>
      <path d="M7.300 7.400a2.800 2.800 0 1 1 4 2.600c-.9.500-1.300 1-1.300 2M10 15.200v.01" />
    </Icon>
  )
}

export function BackIcon() {
  return (
    <Icon>
      <path d="M12.500 4 6.500 10l6 6" />
    </Icon>
  )
}

/** The watching eye. */
export function BrandMark() {
  return (
    <svg
      class="brand-mark"
      viewBox="0 0 32 20"
      fill="none"
      stroke="currentColor"
      stroke-width="2.400"
      aria-hidden="true"
    >
      <path
        d="M2 10c3.700-5.600 8.400-8.400 14-8.400S26.300 4.400 30 10c-3.700 5.600-8.400 8.400-14 8.400S5.700 15.600 2 10z"
        stroke-linejoin="round"
      />
      <circle class="brand-pupil" cx="16" cy="10" r="4.200" stroke="none" />
    </svg>
  )
}
