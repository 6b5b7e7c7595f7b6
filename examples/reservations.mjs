// Keeps a place on a stream, opens a session on it, and shows it the door.
import { closeConsumer, createReservation, openConsumer, reservation, WeirError, watchConsumer } from 'weir/client'
import { connect } from './connect.mjs'

const streamId = process.argv[2]
const weir = connect()
try {
  const { createReservation: place } = await weir.request(createReservation, {
    input: { streamId, source: 'agency', holder: 'Desk 4', holdSeconds: 600 },
    idempotencyKey: crypto.randomUUID(),
  })
  console.log(`${place.id} is ${place.state} until ${place.expiresAt}`)

  // What a server of yours does for a player: the answer goes to the browser, whose `watch` takes it as `session`.
  const { openConsumer: session } = await weir.request(openConsumer, {
    input: { streamId, clientId: 'desk-4', source: 'agency', reservationId: place.id, protocol: 'HLS' },
    idempotencyKey: crypto.randomUUID(),
  })
  console.log(`${session.consumer.id} plays ${new URL(session.url).pathname}`)
  const { reservation: used } = await weir.request(reservation, { id: place.id })
  console.log(`the place is ${used.state}`)

  // Its player would be told like this, within a second.
  const closed = new Promise((resolve) => {
    weir.subscribe(
      watchConsumer,
      { id: session.consumer.id },
      {
        onData: ({ node }) => node.state === 'CLOSED' && resolve(node),
      },
    )
  })
  await weir.request(closeConsumer, { id: session.consumer.id, reason: 'The desk is closed.' })
  const { closeReason, closeMessage } = await closed
  console.log(`closed: ${closeReason}, "${closeMessage}"`)
  const { reservation: released } = await weir.request(reservation, { id: place.id })
  console.log(`the place is ${released.state}`)
} catch (error) {
  if (!(error instanceof WeirError)) throw error
  // QUOTA_EXCEEDED says what was needed and what there was.
  console.error(error.code, error.message, error.details)
  process.exitCode = 1
} finally {
  weir.close()
}
