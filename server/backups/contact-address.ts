const MAIL_ADDRESS = /[^\s@<>()[\]\\,;:"]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+/i

/** The first mail address in what the register says of a contact ("Sari, sari@dinkes.example, 0811"); null without one. */
export function mailAddressIn(contact: string | null): string | null {
  return MAIL_ADDRESS.exec(contact ?? '')?.[0] ?? null
}
