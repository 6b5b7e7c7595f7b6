import { AddStream } from './add-stream.tsx'
import { Card, large } from './card.tsx'
import { staleSince } from './clock.ts'
import { Empty } from './empty.tsx'
import { formatTime } from './format.ts'
import { key } from './key.ts'
import { KeyForm } from './key-form.tsx'
import { connection, keyRefusal, wall } from './live.ts'
import { stateName } from './state-badge.tsx'
import { ordered, summary, troubles } from './wall.ts'

export function App() {
  const streams = ordered(wall.value)
  const stale = staleSince.value
  // The stream that was large may have been deleted.
  const covered = large.value !== null && wall.value.streams.has(large.value)
  return (
    <div
      class={stale === null ? 'page' : 'page stale'}
      data-connection={stale === null ? connection.value.status : 'LOST'}
    >
      <header class="top" inert={covered}>
        <h1>Weir</h1>
        <Summary />
        <div class="tools">
          {key.value !== null && <AddStream />}
          <KeyForm />
        </div>
      </header>
      <ConnectionNote />
      <Notes />
      <main>
        {streams.length === 0 && wall.value.complete && <Empty />}
        {streams.length > 0 && (
          <ul class={streams.length <= 2 ? 'wall few' : 'wall'} aria-label="Streams">
            {streams.map((stream) => (
              <Card key={stream.id} stream={stream} />
            ))}
          </ul>
        )}
      </main>
    </div>
  )
}

function Summary() {
  const counts = summary(wall.value)
  return (
    <p class="summary">
      {counts.map(({ state, count }) => (
        <span key={state} class="count" data-state={state}>
          {count} {stateName[state].toLowerCase()}
        </span>
      ))}
      {troubles(wall.value).map(({ status, count }) => (
        <span key={status} class="count trouble" data-health={status}>
          {count} {status === 'CRITICAL' ? 'in trouble' : 'with a warning'}
        </span>
      ))}
    </p>
  )
}

/** Says when what is shown is not what is. */
function ConnectionNote() {
  const since = staleSince.value
  if (since === null && connection.value.status === 'CONNECTING') {
    return (
      <p class="note" role="status">
        Connecting…
      </p>
    )
  }
  if (since === null) return null
  return (
    <p class="note lost" role="alert">
      Connection lost{since > 0 ? `, last data at ${formatTime(since)}` : ''}. Trying again…
    </p>
  )
}

function Notes() {
  return (
    <>
      {keyRefusal.value !== null && (
        <p class="note lost" role="alert">
          {keyRefusal.value} You see what the public may see.
        </p>
      )}
      {!wall.value.complete && wall.value.streams.size > 0 && (
        <p class="note">There are more streams; these are the first {wall.value.streams.size}.</p>
      )}
    </>
  )
}
