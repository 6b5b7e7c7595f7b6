import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { SourceFailure } from '../../../streams/causes.ts'
import type { FailureCause } from '../../../streams/model.ts'
import { type Authorizer, createAuthorizer, parseChallenges } from '../authorization.ts'
import { leave, mayReadOn } from '../passing.ts'
import { connectPinned, type PinnedSocket } from '../pinned.ts'
import { mostRedirects, redirected } from '../redirect.ts'
import { hostInUrl, type SourceUrl } from '../source-url.ts'
import type { Hold } from '../ticker.ts'
import type { WayRequest } from '../way.ts'
import { causeOfStatus, goodAnswer, statusLine } from './answer.ts'
import { formatHead, type Head, headerOf, headersOf, requestOf, statusOf } from './head.ts'
import { createSplitter, type Piece, SplitError } from './splitter.ts'

export interface SessionDeps {
  /** Where the camera is said to be. */
  target: SourceUrl
  /** What FFmpeg was told. */
  localBase: string
  /** Of the addresses that are resolved, only these: media over UDP comes by the family of FFmpeg's sockets. Null for any. */
  family: 4 | 6 | null
  way: WayRequest
  /** False where the source has had all the requests that it gets until media flows. */
  mayAsk(): boolean
  /** Media flows. */
  flows(): void
  hold: Hold
}

/** A request of FFmpeg's that the camera has not answered. */
interface Asked {
  method: string
  /** As FFmpeg wrote it. */
  localUri: string
  head: Head
  tries: number
}

const defaultPorts: Record<string, number> = { rtsp: 554, rtsps: 322 }
/** From FFmpeg's, which ends the wait itself: the camera is late. */
const lateMs = 4_400
/** The longest wait for a connection with an answer. */
const answerMs = 8_000
/** From the first request until the camera plays. */
const startMs = 12_000
const mostWaiting = 16
const mostTries = 3
/** Answers and requests of a camera's within a second. */
const mostMessages = 50

/** What a camera may send beside media. An answer to DESCRIBE is the longest. */
const cameraLimits = { headBytes: 16 * 1024, bodyBytes: 128 * 1024, garbageBytes: 64 * 1024 }
const ffmpegLimits = { headBytes: 16 * 1024, bodyBytes: 4 * 1024, garbageBytes: 0 }

/** Serves one connection of FFmpeg's: looks at each message between it and the camera, and passes media on as it comes. */
export function serveRtsp(client: Socket, deps: SessionDeps): void {
  const { localBase, way, hold } = deps
  const fromFfmpeg = createSplitter(ffmpegLimits)
  let fromCamera = createSplitter(cameraLimits)
  let target = deps.target
  let authorizer: Authorizer = authorizerOf(target)
  let controls: readonly string[] = [uriOf(target)]
  let camera: PinnedSocket | null = null
  /** Requests that wait for the connection. */
  let waiting: Asked[] = []
  const asked = new Map<number, Asked>()
  /** Ours to the camera, to be sent when FFmpeg's are not in the middle of a frame. */
  let outbox: string[] = []
  let sequence = 0
  let redirects = 0
  let reaching = false
  let wasAsked = false
  let isPlaying = false
  let hasEnded = false
  let messages = { second: 0, count: 0 }

  const localUri = (n: number) => (n === 0 ? localBase : `${localBase}/${n}`)
  const remoteUri = (uri: string): string | undefined =>
    uri === localBase ? controls[0] : controls[controls.findIndex((_, n) => n > 0 && uri === localUri(n))]

  let late: NodeJS.Timeout | undefined
  let answer: NodeJS.Timeout | undefined
  // Somebody at the door who says nothing is no failure of the source.
  let start = setTimeout(end, lateMs)
  const wait = () => {
    stopWaiting()
    if (isPlaying) return
    late = setTimeout(() => way.report('TIMEOUT', 'The camera has not answered yet.'), lateMs)
    answer = setTimeout(() => fail('TIMEOUT', 'The camera does not answer in time.'), answerMs)
  }
  const stopWaiting = () => {
    clearTimeout(late)
    clearTimeout(answer)
  }

  client.on('data', (chunk: Buffer) => {
    try {
      for (const piece of fromFfmpeg.push(chunk)) fromClient(piece)
    } catch (error) {
      if (!(error instanceof SplitError)) throw error
      end()
    }
    flushOutbox()
    if (camera?.socket.writableNeedDrain) {
      client.pause()
      camera.socket.once('drain', () => client.resume())
    }
  })
  client.once('end', end).once('close', end)
  way.signal.addEventListener('abort', end)

  function fromClient(piece: Piece): void {
    if (hasEnded) return
    if (piece.kind === 'frames') {
      if (isPlaying) camera?.socket.write(piece.bytes)
      return
    }
    const request = requestOf(piece.head)
    // Somebody who does not know the address is none of ours.
    if (!request || remoteUri(request.uri) === undefined) return void end()
    const next: Asked = { method: request.method, localUri: request.uri, head: piece.head, tries: 0 }
    if (!wasAsked) {
      wasAsked = true
      clearTimeout(start)
      start = setTimeout(() => fail('TIMEOUT', 'The camera does not begin to play in time.'), startMs)
    }
    if (camera) return void send(next)
    if (waiting.length >= mostWaiting) return void end()
    waiting.push(next)
    if (!reaching) void reach()
  }

  /** Connects to the target and sends what waits. Never rejects. */
  async function reach(): Promise<void> {
    reaching = true
    wait()
    try {
      const addresses = (await way.resolve(target.host)).filter(
        ({ family }) => deps.family === null || family === deps.family,
      )
      if (addresses.length === 0)
        throw new SourceFailure('UNREACHABLE', undefined, ['The camera has other addresses now.'])
      const splitter = createSplitter(cameraLimits)
      fromCamera = splitter
      const pinned = await connectPinned({
        addresses,
        port: portOf(target),
        tlsFor: target.scheme === 'rtsps' ? target.host : null,
        deadlineMs: answerMs,
        signal: way.signal,
        onData: (bytes) => fromCamera === splitter && fromCameraBytes(bytes),
      })
      if (hasEnded) return void pinned.socket.destroy()
      camera = pinned
      pinned.socket.on('error', () => pinned.socket.destroy())
      pinned.socket.once('close', () => {
        if (camera === pinned) hungUp()
      })
      if (pinned.socket.destroyed) return void hungUp()
      const due = waiting
      waiting = []
      for (const one of due) send(one)
    } catch (error) {
      if (error instanceof SourceFailure) fail(error.cause, error.log[0] ?? error.message)
      else fail('UNKNOWN', 'The source gate failed.')
    } finally {
      reaching = false
    }
  }

  function send(next: Asked): void {
    if (hasEnded || !camera) return
    const text = request(next)
    if (text !== null) camera.socket.write(text)
  }

  /** What the camera is sent for a request of FFmpeg's; null where it is not to be sent. */
  function request(next: Asked): string | null {
    if (!isPlaying && !deps.mayAsk()) {
      fail('UNSUPPORTED', 'The camera takes too many requests before it plays.')
      return null
    }
    sequence += 1
    asked.set(sequence, next)
    // Answers to what keeps a session alive may never come.
    if (asked.size > mostWaiting) asked.delete(asked.keys().next().value!)
    wait()
    const uri = remoteUri(next.localUri) ?? controls[0]!
    const authorization = authorizer.header({ method: next.method, uri })
    const headers = next.head.headers.filter(([name]) => !/^(?:cseq|authorization|content-length)$/i.test(name))
    return formatHead({
      first: `${next.method} ${uri} RTSP/1.0`,
      headers: [
        ['CSeq', String(sequence)],
        ...headers,
        ...(authorization === null ? [] : [['Authorization', authorization] as [string, string]]),
      ],
    })
  }

  function flushOutbox(): void {
    if (outbox.length === 0 || !fromFfmpeg.isBetween()) return
    const due = outbox
    outbox = []
    for (const text of due) camera?.socket.write(text)
  }

  /** False where no more is to be read for now. */
  function fromCameraBytes(bytes: Buffer): boolean {
    if (hasEnded) return true
    try {
      for (const piece of fromCamera.push(bytes)) {
        if (piece.kind === 'message') fromCameraMessage(piece.head, piece.body)
        else if (isPlaying && !hasEnded) {
          client.write(piece.bytes)
          deps.flows()
        }
      }
    } catch (error) {
      if (!(error instanceof SplitError)) throw error
      fail('UNSUPPORTED', `What the camera sends is no RTSP: ${error.message}.`)
    }
    const socket = camera?.socket
    if (!socket || hasEnded) return true
    return mayReadOn(socket, client, bytes.length, isPlaying ? hold : null)
  }

  function fromCameraMessage(head: Head, body: Buffer): void {
    if (hasEnded) return
    const second = Math.floor(performance.now() / 1000)
    messages = { second, count: messages.second === second ? messages.count + 1 : 1 }
    if (messages.count > mostMessages) throw new SplitError('messages without end')
    const status = statusOf(head)
    if (status === null) return void answerCamera(head)
    if (status < 200) return
    const given = Number(headerOf(head, 'cseq') ?? Number.NaN)
    // Some cameras count wrong.
    const number = asked.has(given) ? given : asked.keys().next().value
    if (number === undefined) return
    const one = asked.get(number)!
    asked.delete(number)
    if (asked.size === 0) stopWaiting()
    answered(one, status, head, body)
  }

  function answerCamera(head: Head): void {
    const request = requestOf(head)
    if (!request) throw new SplitError('a message that is none')
    const isKnown = /^(?:OPTIONS|GET_PARAMETER|SET_PARAMETER)$/.test(request.method)
    const first = isKnown ? statusLine(200) : 'RTSP/1.0 501 Not Implemented'
    outbox.push(formatHead({ first, headers: [['CSeq', headerOf(head, 'cseq') ?? '0']] }))
    flushOutbox()
  }

  function answered(one: Asked, status: number, head: Head, body: Buffer): void {
    const { method } = one
    if (status === 401) {
      const isNew = authorizer.refused(parseChallenges(headersOf(head, 'www-authenticate')))
      if (isNew && one.tries < mostTries) {
        const text = request({ ...one, tries: one.tries + 1 })
        if (text !== null) outbox.push(text)
        return void flushOutbox()
      }
    }
    if (status >= 300 && status < 400 && (method === 'OPTIONS' || method === 'DESCRIBE'))
      return void redirect(one, head)
    if (status >= 300) {
      const isVital = /^(?:OPTIONS|DESCRIBE|SETUP|PLAY)$/.test(method) && !isPlaying
      if (isVital) way.report(causeOfStatus(status), `The camera answers with status ${status}.`)
      // A redirect that FFmpeg would follow by itself.
      return void toFfmpeg(one, status < 400 ? 500 : status, [], '')
    }
    const uri = remoteUri(one.localUri) ?? controls[0]!
    const transport = headerOf(one.head, 'transport')
    const good = goodAnswer(
      { method, status, head, body, uri, transport },
      { controls, localUri, camera: camera!.address.address },
    )
    if ('refusal' in good) return void fail(good.refusal.cause, good.refusal.note)
    controls = good.controls
    if (method === 'PLAY') {
      isPlaying = true
      clearTimeout(start)
      stopWaiting()
    }
    way.flows()
    toFfmpeg(one, 200, good.headers, good.body)
  }

  function redirect(one: Asked, head: Head): void {
    redirects += 1
    if (redirects > mostRedirects) return void fail('REDIRECT_LOOP', 'The camera redirects without end.')
    const to = redirected(
      target,
      headerOf(head, 'location') ?? '',
      way.rules.schemes ?? Object.keys(defaultPorts),
      'rtsps',
    )
    if (!to || !Object.hasOwn(defaultPorts, to.scheme))
      return void fail('BLOCKED', 'The camera redirects to what is not an address of RTSP that is allowed.')
    const before = camera
    camera = null
    before?.socket.destroy()
    target = to
    authorizer = authorizerOf(to)
    controls = [uriOf(to)]
    outbox = []
    asked.clear()
    waiting = [one]
    void reach()
  }

  function toFfmpeg(one: Asked, status: number, headers: [string, string][], body: string): void {
    const length: [string, string][] = body ? [['Content-Length', String(Buffer.byteLength(body, 'latin1'))]] : []
    const cseq = headerOf(one.head, 'cseq') ?? '0'
    const head = formatHead({ first: statusLine(status), headers: [['CSeq', cseq], ...headers, ...length] })
    client.write(head + body, 'latin1')
  }

  function hungUp(): void {
    if (!isPlaying) fail('REFUSED', 'The camera hangs up instead of an answer.')
    else end()
  }

  function fail(cause: FailureCause, note: string): void {
    if (hasEnded) return
    way.report(cause, note)
    const one = asked.values().next().value ?? waiting[0]
    // Where a frame is half sent, an answer would become a part of it.
    if (one && !isPlaying) toFfmpeg(one, 503, [], '')
    end()
  }

  /** Ends both connections in order. */
  function end(): void {
    if (hasEnded) return
    hasEnded = true
    stopWaiting()
    clearTimeout(start)
    way.signal.removeEventListener('abort', end)
    for (const socket of [client, camera?.socket]) {
      if (!socket || socket.destroyed) continue
      if (!wasAsked || way.signal.aborted) socket.destroy()
      else leave(socket)
    }
  }

  function authorizerOf({ credentials }: SourceUrl): Authorizer {
    return createAuthorizer(credentials, (bytes) => randomBytes(bytes).toString('hex'))
  }
}

function portOf({ scheme, port }: SourceUrl): number {
  return port ?? defaultPorts[scheme]!
}

function uriOf(url: SourceUrl): string {
  return `${url.scheme}://${hostInUrl(url.host)}:${portOf(url)}${url.rest}`
}
