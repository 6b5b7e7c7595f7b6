// A gateway has players of its own, behind another protocol. It opens a session for each and sends the heartbeats of all of them at once.
import { closeConsumer, openConsumer, recordHeartbeats } from 'weir/client'
import { connect } from './connect.mjs'

const streamId = process.argv[2]
const players = 5
const weir = connect()
try {
  const sessions = new Map()
  let everySeconds = 30
  for (let player = 0; player < players; player++) {
    const input = { streamId, clientId: `gateway-${player}`, source: 'gateway', protocol: 'HLS' }
    const { openConsumer: session } = await weir.request(openConsumer, { input, idempotencyKey: crypto.randomUUID() })
    everySeconds = session.heartbeatSeconds
    sessions.set(session.consumer.id, { framesDecoded: 0 })
  }
  console.log(`${sessions.size} sessions, a heartbeat every ${everySeconds} s`)

  // A real gateway does this every `everySeconds`.
  const heartbeats = [...sessions].map(([consumerId, stats]) => ({ consumerId, stats }))
  // One that ended meanwhile: it is told apart by its answer, the others are not held up by it.
  await weir.request(closeConsumer, { id: heartbeats[0].consumerId, reason: 'Enough.' })
  const { recordHeartbeats: answers } = await weir.request(recordHeartbeats, { heartbeats })
  for (const { consumerId, accepted, refusal, closeReason } of answers) {
    if (accepted) continue
    console.log(`${consumerId} is ${refusal}: ${closeReason}`)
    sessions.delete(consumerId)
  }
  console.log(`${sessions.size} go on`)
  for (const id of sessions.keys()) await weir.request(closeConsumer, { id })
} finally {
  weir.close()
}
