import { expect, it } from 'vitest'
import { createErrorCounts } from '../../../src/platform/logs/error-counts.ts'
import { type Logger, silentLogger } from '../../../src/platform/logs/logger.ts'

it('counts warnings and worse by stream, and writes them all the same', () => {
  const written: string[] = []
  const inner: Logger = {
    ...silentLogger,
    warn: (_context, message) => written.push(message),
    child: () => inner,
  }
  const counts = createErrorCounts()
  const logger = counts.count(inner)
  expect(counts.read().map(({ severity, streamId, count }) => [severity, streamId, count])).toEqual([
    ['warning', null, 0],
    ['error', null, 0],
    ['critical', null, 0],
  ])
  logger.info({}, 'fine')
  logger.warn({}, 'hm')
  logger.fatal({}, 'no')
  const child = logger.child({ streamId: 'stream_a' })
  child.warn({}, 'of a stream')
  child.child({ module: 'x' }).error({}, 'of the same')
  logger.error({ streamId: 'stream_b' }, 'of another')
  const found = new Map(counts.read().map(({ severity, streamId, count }) => [`${streamId} ${severity}`, count]))
  expect(Object.fromEntries(found)).toEqual({
    'null warning': 1,
    'null error': 0,
    'null critical': 1,
    'stream_a warning': 1,
    'stream_a error': 1,
    'stream_a critical': 0,
    'stream_b warning': 0,
    'stream_b error': 1,
    'stream_b critical': 0,
  })
  expect(written).toEqual(['hm', 'of a stream'])
  counts.keep((id) => id === 'stream_b')
  expect(new Set(counts.read().map(({ streamId }) => streamId))).toEqual(new Set([null, 'stream_b']))
})

it('counts no more streams one by one than it has room for', () => {
  const counts = createErrorCounts()
  const logger = counts.count(silentLogger)
  for (let index = 0; index < 10_005; index++) logger.error({ streamId: `stream_${index}` }, 'no')
  const found = counts.read()
  expect(found).toHaveLength(3 * 10_001)
  expect(found.find(({ streamId, severity }) => streamId === null && severity === 'error')!.count).toBe(5)
})
