import { expect, test } from 'vitest'
import { redirected } from '../../../src/sources/gate/redirect.ts'
import { splitSourceUrl } from '../../../src/sources/gate/source-url.ts'

const follow = (from: string, location: string) =>
  redirected(splitSourceUrl(from)!, location, ['rtsp', 'rtsps'], 'rtsps')

test.each([
  ['rtsp://viewer:secret@camera/a', '/b'],
  ['rtsp://viewer:secret@camera/a', 'rtsp://camera/b'],
  ['rtsp://viewer:secret@camera/a', 'rtsp://CAMERA:8554/b'],
  ['rtsp://viewer:secret@camera/a', 'rtsps://camera/b'],
  ['rtsps://viewer:secret@camera/a', 'rtsps://camera/b'],
])('credentials stay with their host: %s leads to %s', (from, location) => {
  const { credentials } = splitSourceUrl(from)!
  expect(credentials).not.toBeNull()
  expect(follow(from, location)!.credentials).toEqual(credentials)
})

test.each([
  ['rtsp://viewer:secret@camera/a', 'rtsp://other/b'],
  ['rtsp://viewer:secret@camera/a', '//other/b'],
  ['rtsps://viewer:secret@camera/a', 'rtsp://camera/b'],
])('and go nowhere else: %s leads to %s', (from, location) => {
  expect(follow(from, location)?.credentials ?? null).toBeNull()
})

test.each(['http://camera/b', 'file:///etc/passwd', 'tcp://camera:80', 'nothing'])('%s is not followed', (location) => {
  expect(follow('rtsp://camera/a', location)).toBeNull()
})
