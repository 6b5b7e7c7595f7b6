import { registerHooks } from 'node:module'

/**
 * postgres.js 3.4.9 ends the whole process where a connection closes between a query's being taken and its being sent: it writes to a
 * socket that is null, out of everybody's reach (github.com/porsager/postgres/issues/1154 and 1208, open). And what was about to be sent
 * then is kept for the next connection, whose own first words are never sent. Until that is mended there, the two places are mended as
 * they are loaded: the query is rejected as that of any closed connection, the connection counts as closed, and what it would have sent is
 * forgotten. The version is pinned.
 */
const places = [
  {
    before: '    const x = socket.write(chunk, fn)\n',
    insert: `    if (!socket) {
      chunk = nextWriteTimer = null
      const gone = Errors.connection('CONNECTION_CLOSED', options)
      error(gone)
      setImmediate(() => socket || connection.queue === queues.connecting || onclose(connection, gone))
      return false
    }
`,
  },
  {
    before:
      "    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer.cancel()\n",
    insert: '    chunk = nextWriteTimer = null\n',
  },
]

/** The driver's source with the places mended. Throws where one is not there: a newer version has to be looked at. */
export function mendDriver(source: string): string {
  return places.reduce((text, { before, insert }) => {
    const parts = text.split(before)
    if (parts.length !== 2) throw new Error('postgres.js is another version: see mended-driver.ts')
    return parts.join(insert + before)
  }, source)
}

let registered = false

/** To be called before anything imports postgres.js. */
export function loadMendedDriver(): void {
  if (registered) return
  registered = true
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith('/node_modules/postgres/src/connection.js') || loaded.source == null) return loaded
      const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      return { ...loaded, source: mendDriver(source) }
    },
  })
}
