import { AddStreamForm } from './add-stream.tsx'
import { key } from './key.ts'

/** What to do first. */
export function Empty() {
  return (
    <section class="empty" aria-labelledby="empty-title">
      <h2 id="empty-title">No streams yet</h2>
      {key.value !== null ? (
        <>
          <p>Enter the address of your first camera. Its picture is here a few seconds later.</p>
          <AddStreamForm />
        </>
      ) : (
        <>
          <p>
            To add the first camera, press <strong>Enter key</strong> above and give the admin key that the server
            printed at its first start. Or order it by the API:
          </p>
          <pre>
            <code>{example}</code>
          </pre>
        </>
      )}
    </section>
  )
}

const example = `curl ${location.origin}/graphql \\
  -H 'Authorization: Bearer KEY' \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "mutation { createStream(input: { name: \\"Front door\\", source: { url: { url: \\"rtsp://camera.local/stream\\" } }, start: true }) { id } }"}'`
