// Prints the log of events. The cursor of what was handled is kept in a file: started again, the program goes on where it was.
// Breaks of the connection need nothing of the kind: the client resumes by itself.
import { readFile, writeFile } from 'node:fs/promises'
import { watchEvents } from 'weir/client'
import { connect } from './connect.mjs'

const file = process.argv[2] ?? 'events.cursor'
const after = await readFile(file, 'utf8').catch(() => null)

const weir = connect()
process.once('SIGINT', () => weir.close())
process.once('SIGTERM', () => weir.close())

for await (const { events: message } of weir.subscribe(watchEvents, { after })) {
  if (message.__typename === 'Event') console.log(message.cursor, message.at, message.type, message.subjectId)
  // The log is kept for a while only; who was away for longer is told how many events are gone.
  if (message.__typename === 'Gap') console.log(`${message.missed ?? 'some'} events are gone`)
  // Checkpoints carry a cursor too, so that it stays young while nothing happens.
  await writeFile(file, message.cursor)
}
