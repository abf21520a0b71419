// Method and path of each call, by name. Plain data: the pages use it without carrying the schemas.

export const PATHS = {
  // Outside /api on purpose: under /api nothing answers without a token.
  welcome: ['GET', '/welcome.json'],
  setUp: ['POST', '/api/v1/setup'],
  signIn: ['POST', '/api/v1/session'],
  session: ['GET', '/api/v1/session'],
  signOut: ['DELETE', '/api/v1/session'],
  changePassword: ['POST', '/api/v1/session/password'],

  enrol: ['POST', '/api/v1/enrol'],
  ingest: ['POST', '/api/v1/ingest'],
  agentOrders: ['GET', '/api/v1/agent/assignments'],
  answerTask: ['POST', '/api/v1/agent/tasks/:id/result'],

  push: ['POST', '/api/v1/push'],
  // Where clients of InfluxDB 1.x expect them.
  write: ['POST', '/write'],
  writePing: ['GET', '/ping'],
  writeQuery: ['GET', '/query'],
  writeCommand: ['POST', '/query'],

  wall: ['GET', '/api/v1/wall'],
  server: ['GET', '/api/v1/servers/:id'],
  range: ['GET', '/api/v1/series/range'],
  exportSeries: ['GET', '/api/v1/series/export'],

  incidents: ['GET', '/api/v1/incidents'],
  incident: ['GET', '/api/v1/incidents/:id'],
  acknowledgeIncident: ['POST', '/api/v1/incidents/:id/acknowledge'],
  noteIncident: ['POST', '/api/v1/incidents/:id/notes'],
  resolveIncident: ['POST', '/api/v1/incidents/:id/resolve'],

  rules: ['GET', '/api/v1/rules'],
  evidence: ['GET', '/api/v1/evidence/:id'],

  registerKinds: ['GET', '/api/v1/registers/kinds'],
  registerRecords: ['GET', '/api/v1/registers/records'],
  registerRecord: ['GET', '/api/v1/registers/records/:id'],
  createRegisterRecord: ['POST', '/api/v1/registers/records'],
  correctRegisterRecord: ['POST', '/api/v1/registers/records/:id/correct'],
  withdrawRegisterRecord: ['POST', '/api/v1/registers/records/:id/withdraw'],
  attachToRecord: ['POST', '/api/v1/registers/records/:id/attachments'],
  attachment: ['GET', '/api/v1/registers/attachments/:id'],
  importRegister: ['POST', '/api/v1/registers/import'],

  agents: ['GET', '/api/v1/agents'],
  upgradeOffer: ['POST', '/api/v1/upgrade'],
  allowUpgrade: ['POST', '/api/v1/agents/:id/allow-upgrade'],
  liftQuarantine: ['POST', '/api/v1/agents/:id/lift-quarantine'],
  revokeAgent: ['POST', '/api/v1/agents/:id/revoke'],
  askAgent: ['POST', '/api/v1/agents/:id/tasks'],
  agentTask: ['GET', '/api/v1/tasks/:id'],
  createRouter: ['POST', '/api/v1/routers'],
  removeServer: ['DELETE', '/api/v1/servers/:id'],
  enrolmentTokens: ['GET', '/api/v1/enrolment-tokens'],
  createEnrolmentToken: ['POST', '/api/v1/enrolment-tokens'],
  revokeEnrolmentToken: ['DELETE', '/api/v1/enrolment-tokens/:id'],
  writers: ['GET', '/api/v1/writers'],
  createWriter: ['POST', '/api/v1/writers'],
  revokeWriter: ['POST', '/api/v1/writers/:id/revoke'],
  enrolledWith: ['GET', '/api/v1/enrolment-tokens/:id/agents'],
  install: ['GET', '/api/v1/install'],

  agencies: ['GET', '/api/v1/agencies'],
  createAgency: ['POST', '/api/v1/agencies'],
  updateAgency: ['PUT', '/api/v1/agencies/:id'],
  removeAgency: ['DELETE', '/api/v1/agencies/:id'],
  sites: ['GET', '/api/v1/sites'],
  createSite: ['POST', '/api/v1/sites'],
  updateSite: ['PUT', '/api/v1/sites/:id'],
  removeSite: ['DELETE', '/api/v1/sites/:id'],
  placeDevice: ['PUT', '/api/v1/devices/:id/place'],

  channelKinds: ['GET', '/api/v1/channel-kinds'],
  channels: ['GET', '/api/v1/channels'],
  createChannel: ['POST', '/api/v1/channels'],
  updateChannel: ['PUT', '/api/v1/channels/:id'],
  removeChannel: ['DELETE', '/api/v1/channels/:id'],
  testChannel: ['POST', '/api/v1/channels/:id/test'],

  users: ['GET', '/api/v1/users'],
  createUser: ['POST', '/api/v1/users'],
  updateUser: ['PUT', '/api/v1/users/:id'],

  apiTokens: ['GET', '/api/v1/tokens'],
  createApiToken: ['POST', '/api/v1/tokens'],
  revokeApiToken: ['DELETE', '/api/v1/tokens/:id'],

  audit: ['GET', '/api/v1/audit'],
} as const satisfies Record<string, readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string]>

export type CallName = keyof typeof PATHS
