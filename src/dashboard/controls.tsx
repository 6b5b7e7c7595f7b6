import { useSignal } from '@preact/signals'
import { type Order, orderMutations, type WallStream } from './operations.ts'
import { request } from './weir.ts'

const orderName: Record<Order, string> = { START: 'Start', STOP: 'Stop', RESTART: 'Restart' }

/** Orders for one stream. What they lead to is seen by subscription. */
export function Controls({ stream }: { stream: WallStream }) {
  const pending = useSignal<Order | null>(null)
  const error = useSignal<string | null>(null)
  const give = async (order: Order) => {
    pending.value = order
    const answer = await request<unknown, { id: string | number }>(orderMutations[order], { id: stream.id })
    error.value = answer.ok ? null : answer.error.message
    pending.value = null
  }
  const orders: Order[] = stream.desiredState === 'RUNNING' ? ['STOP', 'RESTART'] : ['START']
  return (
    <div class="controls">
      {orders.map((order) => (
        <button
          key={order}
          type="button"
          disabled={pending.value !== null}
          aria-label={`${orderName[order]} ${stream.name}`}
          onClick={() => void give(order)}
        >
          {orderName[order]}
        </button>
      ))}
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
    </div>
  )
}
