import { createSubscription } from '../../services/webhook/create.ts'
import { deleteSubscription } from '../../services/webhook/delete.ts'
import { getSubscription, listMessages, listSubscriptions } from '../../services/webhook/read.ts'
import { replayMessage, replayParked } from '../../services/webhook/replay.ts'
import { rotateSecret } from '../../services/webhook/rotate-secret.ts'
import { testSubscription } from '../../services/webhook/test.ts'
import { updateSubscription } from '../../services/webhook/update.ts'

export const webhookSubscriptions = [
  listSubscriptions,
  createSubscription,
  getSubscription,
  updateSubscription,
  deleteSubscription,
  testSubscription,
  rotateSecret,
  replayParked,
  listMessages,
  replayMessage,
]
