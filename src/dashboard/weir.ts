import { computed } from '@preact/signals'
import { type Client, createClient } from '../client/client.ts'
import type { TypedDocument } from '../client/document.ts'
import { WeirError } from '../client/errors.ts'
import { key } from './key.ts'

/** What speaks to the server, with the key of now. */
export const weir = computed(() => createClient({ key: key.value }))

export type Answer<Data> = { ok: true; data: Data } | { ok: false; error: WeirError }

/** One operation over HTTP, for forms that show what went wrong. Never rejects. */
export async function request<Data, Variables>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  client: Client = weir.value,
): Promise<Answer<Data>> {
  try {
    return { ok: true, data: await (client.request as Request)(document, variables) }
  } catch (error) {
    return { ok: false, error: error instanceof WeirError ? error : new WeirError('INTERNAL', String(error)) }
  }
}

type Request = <Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables) => Promise<Data>
