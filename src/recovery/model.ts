/** What recovery is: plain data, shared by the policy, the store and the API. No I/O here. */

/** What is done about a failure. RECONNECT: an output is connected anew. FAIL_OVER: another node takes over. */
export const recoveryActions = ['RESTART', 'RETRY_SOURCE', 'RECONNECT', 'FAIL_OVER', 'ESCALATE', 'NONE'] as const
export type RecoveryAction = (typeof recoveryActions)[number]

/** What came of it. SUPERSEDED: an order of a user came in between. */
export const recoveryOutcomes = ['RECOVERED', 'FAILED', 'SUPERSEDED'] as const
export type RecoveryOutcome = (typeof recoveryOutcomes)[number]
