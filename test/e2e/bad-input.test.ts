import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CreateStreamInput } from '../../src/client/generated/graphql.ts'
import { CreateTestStream, TestStreams } from '../support/documents.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir

beforeAll(async () => {
  weir = await Weir.start()
  await mkdir(weir.mediaDir, { recursive: true })
  await writeFile(join(weir.folder, 'secret.mp4'), 'outside')
  await symlink(join(weir.folder, 'secret.mp4'), join(weir.mediaDir, 'link.mp4'))
  await symlink(weir.folder, join(weir.mediaDir, 'folder'))
})
afterAll(() => weir?.[Symbol.asyncDispose]())

const url = (url: string): CreateStreamInput => ({ name: 'Bad', source: { url: { url } } })
const file = (path: string): CreateStreamInput => ({ name: 'Bad', source: { file: { path } } })

test.for<[string, CreateStreamInput, string]>([
  ['an unknown scheme', url('gopher://127.0.0.1/live'), 'url'],
  ["a scheme of FFmpeg's own", url('concat:/etc/passwd|/etc/hosts'), 'url'],
  ['a file as a URL', url('file:///etc/passwd'), 'url'],
  ['a URL that does not parse', url('rtsp://['), 'url'],
  ['a path above MEDIA_DIR', file('../secret.mp4'), 'path'],
  ['an absolute path', file('/etc/passwd'), 'path'],
  ['a link that leads out', file('link.mp4'), 'path'],
  ['a folder that leads out', file('folder/secret.mp4'), 'path'],
  ['a name of 10,000 characters', { ...url('rtsp://127.0.0.1/live'), name: 'x'.repeat(10_000) }, 'name'],
  ['an empty name', { ...url('rtsp://127.0.0.1/live'), name: ' ' }, 'name'],
])('%s is BAD_USER_INPUT with the field, and nothing is stored', async ([, input, field]) => {
  const { errors } = await weir.api.answer(CreateTestStream, { input })
  expect(errors).toHaveLength(1)
  const { code, fields } = errors[0]!.extensions!
  expect(code).toBe('BAD_USER_INPUT')
  expect(fields!.map(({ path }) => path.split('.').at(-1))).toEqual([field])
  expect((await weir.api.request(TestStreams, {})).streams!.totalCount).toBe(0)
})
