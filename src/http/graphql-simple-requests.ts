export interface Refusal {
  status: 400 | 415
  message: string
}

const jsonTypes = new Set(['application/json', 'application/graphql-response+json'])
/** What answers of the API are; a link, an image, a script or a form accepts none of them by name. */
const answerTypes = /\b(?:application\/json|application\/graphql-response\+json|text\/event-stream)\b/i

/**
 * Why a request is not taken that a page of any origin could have sent without the browser asking first: a form or plain text by POST, or a GET that is
 * a link, an image or a script. `header` looks a header up by its name in lower case.
 */
export function refusalOfSimple(method: string, header: (name: string) => string | null): Refusal | null {
  if (method === 'POST') {
    const type = header('content-type')?.split(';')[0]?.trim().toLowerCase()
    return jsonTypes.has(type ?? '') ? null : { status: 415, message: 'The body has to be application/json.' }
  }
  if (method !== 'GET' || isDeliberate(header)) return null
  return {
    status: 400,
    message: 'A GET has to accept application/json, application/graphql-response+json or text/event-stream by name.',
  }
}

/** Browsers say how a request came about, and no page can say otherwise: `cors` obeys the rules for origins, where `no-cors` and `navigate` do not. */
function isDeliberate(header: (name: string) => string | null): boolean {
  if (header('authorization') !== null || header('x-pulse-key') !== null) return true
  const mode = header('sec-fetch-mode')
  return mode === null ? answerTypes.test(header('accept') ?? '') : mode === 'cors' || mode === 'same-origin'
}
