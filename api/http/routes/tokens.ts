import { createToken, listTokens, revokeToken } from '../../services/access/tokens.ts'

export const tokens = [listTokens, createToken, revokeToken]
