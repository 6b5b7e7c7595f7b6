import { document } from '../document.ts'
import type * as types from './generated/graphql.ts'

/** Keeps a place of a viewer on a stream, for a while. */
export const createReservation = document<
  types.CreateReservationMutation,
  types.CreateReservationMutationVariables
>(/* GraphQL */ `
  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {
    createReservation(input: $input, idempotencyKey: $idempotencyKey) {
      id
      source
      state
      expiresAt
    }
  }
`)

export const extendReservation = document<
  types.ExtendReservationMutation,
  types.ExtendReservationMutationVariables
>(/* GraphQL */ `
  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {
    extendReservation(id: $id, holdSeconds: $holdSeconds) {
      id
      state
      expiresAt
    }
  }
`)

export const releaseReservation = document<
  types.ReleaseReservationMutation,
  types.ReleaseReservationMutationVariables
>(/* GraphQL */ `
  mutation ReleaseReservation($id: ID!) {
    releaseReservation(id: $id) {
      id
      state
    }
  }
`)

export const reservation = document<types.ReservationQuery, types.ReservationQueryVariables>(/* GraphQL */ `
  query Reservation($id: ID!) {
    reservation(id: $id) {
      id
      source
      state
      expiresAt
      releasedAt
    }
  }
`)
