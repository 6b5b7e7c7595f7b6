/** Absent keeps, null resets. */
export interface UpdateProjectInput {
  name?: string | null
  quotas?: QuotasInput | null
}

/** As the API hands it over. Absent keeps, null takes the limit away. */
export interface QuotasInput {
  maxConsumers?: number | null
  maxReservations?: number | null
  /** Instead of all there were. */
  perSource?: unknown
}
