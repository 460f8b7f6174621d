import { createSubscription } from '../../services/webhook-subscription/create.ts'
import { deleteSubscription } from '../../services/webhook-subscription/delete.ts'
import {
  getSubscription,
  listMessages,
  listSubscriptions,
} from '../../services/webhook-subscription/read.ts'
import { replayMessage, replayParked } from '../../services/webhook-subscription/replay.ts'
import { rotateSecret } from '../../services/webhook-subscription/rotate-secret.ts'
import { testSubscription } from '../../services/webhook-subscription/test.ts'
import { updateSubscription } from '../../services/webhook-subscription/update.ts'

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
