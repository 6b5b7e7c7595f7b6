import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'

let weir: Weir
beforeAll(async () => {
  weir = await Weir.start()
})
afterAll(() => weir?.[Symbol.asyncDispose]())

async function ask(query: string, { key, project }: { key?: string; project?: string } = {}) {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(project ? { 'x-weir-project': project } : {}),
    },
    body: JSON.stringify({ query }),
  })
  const { data, errors = [] } = await response.json()
  return { data, code: errors[0]?.extensions.code as string | undefined }
}

/** A socket without a key that names a project; its messages, and the code that it was closed with. */
async function anonymousSocket(project: string) {
  const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const messages: { type: string; payload?: unknown }[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ type: 'connection_init', payload: { project } }))
  await until('the socket is let in', () => messages.length > 0)
  return { socket, messages, told: () => JSON.stringify(messages) }
}

test('without a key a project shows itself when it is named and says so, and no longer', async () => {
  const made = await ask('mutation { createProject(input: { name: "Radio" }) { id publicHealth } }', { key: adminKey })
  const { id: project, publicHealth } = made.data.createProject
  expect(publicHealth).toBe(false)
  const keyed = await ask(
    `mutation { createApiKey(input: { projectId: "${project}", name: "its own", scopes: [ADMIN] }) { key } }`,
    { key: adminKey },
  )
  const { key } = keyed.data.createApiKey
  const source = '{ testPattern: { width: 160, height: 90, fps: 5 } }'
  const stream = (await ask(`mutation { createStream(input: { name: "Studio", source: ${source} }) { id } }`, { key }))
    .data.createStream.id
  const named = `{ stream(id: "${stream}") { name } }`
  const health = (query: string) => fetch(`${weir.url}/v2/health/streams/${stream}${query}`)

  // Not public yet, and never that of another.
  expect((await ask(named, { project })).code).toBe('UNAUTHENTICATED')
  expect((await ask(named)).data).toEqual({ stream: null })
  expect((await health(`?project=${project}`)).status).toBe(401)
  expect((await ask(named, { key: adminKey })).data).toEqual({ stream: null })

  const publish = (value: boolean) =>
    ask(`mutation { updateProject(id: "${project}", input: { publicHealth: ${value} }) { publicHealth } }`, { key })
  expect((await publish(true)).data.updateProject).toEqual({ publicHealth: true })
  await until('it is public', async () => (await ask(named, { project })).data?.stream?.name === 'Studio')
  expect((await ask(named)).data).toEqual({ stream: null })
  expect((await ask(named, { project: 'project_nobody' })).code).toBeDefined()
  expect((await health(`?project=${project}`)).status).toBe(200)
  expect((await health('')).status).toBe(404)
  // Its health, and nothing behind it.
  expect((await ask(`{ stream(id: "${stream}") { source { kind } } }`, { project })).code).toBe('UNAUTHENTICATED')
  expect((await ask(`mutation { startStream(id: "${stream}") { id } }`, { project })).code).toBe('UNAUTHENTICATED')

  const { socket, messages, told } = await anonymousSocket(project)
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { streams { changed { name } } }' } }),
  )
  await until('the wall is told', () => told().includes('Studio'), { explain: () => messages })

  await publish(false)
  await until('the subscription is ended', () => told().includes('UNAUTHENTICATED'), { explain: () => messages })
  socket.terminate()
  expect((await ask(named, { project })).code).toBe('UNAUTHENTICATED')
  // Its own key goes on.
  expect((await ask(named, { key })).data).toEqual({ stream: { name: 'Studio' } })
})
