import type { Scope } from '../platform/database/tables.ts'

export interface CreateProjectInput {
  name: string
}

/** Absent keeps, null resets. */
export interface UpdateProjectInput {
  name?: string | null
  publicHealth?: boolean | null
  quotas?: QuotasInput | null
  sourcePolicy?: SourcePolicyInput | null
}

/** As the API hands it over. Absent keeps, null takes the limit away. */
export interface QuotasInput {
  maxConsumers?: number | null
  maxReservations?: number | null
  requestsPerMinute?: number | null
  /** Instead of all there were. */
  perSource?: unknown
}

/** As the API hands it over. Absent keeps, null is as the server has it. */
export interface SourcePolicyInput {
  schemes?: readonly string[] | null
  allowCidrs?: readonly string[] | null
  denyCidrs?: readonly string[] | null
}

export interface CreateApiKeyInput {
  /** The caller's own, where none is given. */
  projectId?: string | null
  name: string
  scopes: readonly Scope[]
  /** Null: until it is revoked. */
  expiresAt?: Date | null
}
