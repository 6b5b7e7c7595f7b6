// Creates a stream and follows its health until it is healthy; then deletes it again.
import { createStream, deleteStream, WeirError, watchHealth } from 'weir/client'
import { connect } from './connect.mjs'

const weir = connect()
try {
  const { createStream: stream } = await weir.request(createStream, {
    // With an idempotency key it may be asked again: however often it arrives, there is one stream.
    input: { name: 'Example', source: { testPattern: { width: 320, height: 240 } }, start: true },
    idempotencyKey: crypto.randomUUID(),
  })
  console.log(`created ${stream.id}`)

  // Reconnects and goes on by itself. Leaving the loop ends the subscription.
  for await (const { streamHealth: message } of weir.subscribe(watchHealth, { streamId: stream.id })) {
    if (message.__typename === 'HealthChange') console.log(`${message.at}  ${message.previous} -> ${message.status}`)
    if (message.__typename !== 'StreamHealth') continue
    const issues = message.issues.map(({ type, reason }) => `${type}: ${reason}`).join('; ')
    console.log(`${message.at}  ${message.status}${issues && `  ${issues}`}`)
    if (message.status === 'HEALTHY') break
  }
  await weir.request(deleteStream, { id: stream.id })
} catch (error) {
  // Errors come with a code of docs/errors.md, and with the parts of the input that were refused.
  if (!(error instanceof WeirError)) throw error
  console.error(error.code, error.message, error.fields)
  process.exitCode = 1
} finally {
  weir.close()
}
