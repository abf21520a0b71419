/** With what was asked: the same is used for polling. */
export type Chosen = { credentialIds: string[]; port: number; agentId: string | null; place: Place }
export type Place = { agencyId: string | null; siteId: string | null }
