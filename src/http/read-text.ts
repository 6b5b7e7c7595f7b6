import { WeirError } from '../errors.ts'

export interface TextBound {
  /** What it is, for the error: "The SDP offer". */
  what: string
  maxBytes: number
  /** From the call until its last byte. */
  deadlineMs: number
}

/** A request's body as text, read no further than its bound. Throws BAD_USER_INPUT where it is longer, or takes longer to come. */
export async function readText(request: Request, { what, maxBytes, deadlineMs }: TextBound): Promise<string> {
  const tooLong = () => new WeirError('BAD_USER_INPUT', `${what} is larger than ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLong()
  const reader = request.body?.getReader()
  if (!reader) return ''
  const late = Promise.withResolvers<never>()
  // Else it is unhandled where it comes between two readings.
  late.promise.catch(() => {})
  const timer = setTimeout(() => {
    late.reject(new WeirError('BAD_USER_INPUT', `${what} was not here within ${deadlineMs} ms.`))
  }, deadlineMs)
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise])
      if (done) return text + decoder.decode()
      bytes += value.byteLength
      if (bytes > maxBytes) throw tooLong()
      text += decoder.decode(value, { stream: true })
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    if (error instanceof WeirError) throw error
    throw new WeirError('BAD_USER_INPUT', `${what} broke off.`, {}, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
