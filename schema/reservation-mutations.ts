import { requireId } from '../src/ids.ts'
import { builder } from './builder.ts'
import { Reservation } from './reservation.ts'

const CreateReservationInput = builder.inputType('CreateReservationInput', {
  fields: (t) => ({
    streamId: t.id({ required: true }),
    source: t.string({ required: true, description: 'On whose account: 1 to 100 characters.' }),
    holder: t.string({ description: 'For whom, as you call them: at most 200 characters.' }),
    holdSeconds: t.int({
      required: true,
      defaultValue: 3600,
      description: 'How long it is kept for somebody to come: 1 second to 30 days.',
    }),
  }),
})

builder.mutationFields((t) => ({
  createReservation: t.field({
    type: Reservation,
    description:
      'Keeps a place of a viewer. QUOTA_EXCEEDED says which bound it was, what was needed and what there was.',
    args: { input: t.arg({ type: CreateReservationInput, required: true }), idempotencyKey: t.arg.string() },
    resolve: (_, { input, idempotencyKey }, { services, caller }) =>
      services.reservations.create(caller, { ...input, holder: input.holder ?? null }, idempotencyKey ?? null),
  }),
  releaseReservation: t.field({
    type: Reservation,
    description: 'Gives the place back, and closes the session on it. One that has ended stays as it is.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { services, caller }) =>
      services.reservations.release(caller, requireId(id, 'Reservation', 'id')),
  }),
  extendReservation: t.field({
    type: Reservation,
    description: 'Holds it for so long from now on. INVALID_STATE where it is in use or has ended.',
    args: { id: t.arg.id({ required: true }), holdSeconds: t.arg.int({ required: true }) },
    resolve: (_, { id, holdSeconds }, { services, caller }) =>
      services.reservations.extend(caller, requireId(id, 'Reservation', 'id'), holdSeconds),
  }),
}))
