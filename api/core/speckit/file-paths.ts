const KNOWN =
  /\.(?:[cm]?[jt]sx?|json[c5l]?|ya?ml|toml|md|mdx|py|rb|rs|go|java|kt|kts|swift|cs|csproj|fs|fsi|fsx|fsproj|sln|c|h|cc|cpp|hpp|php|sql|prisma|sh|ps1|psm1|bats|html?|s?css|less|vue|svelte|razor|dart|ex|exs|xml|proto|graphql|env|lock|ini|cfg|conf|csv|txt|svg|png|tf|gradle|http|ipynb|ttl)$/iu
const EXTENSION = /\.[A-Za-z][A-Za-z0-9]{0,9}$/u
const PRODUCT =
  /^(?:node|next|vue|express|react|three|d3|chart|nuxt|nest|socket|discord)\.(?:js|io)$/iu
const EDGE = /^[("'[{<*~:,;]+|[)"'\]}>*~:,;.!?]+$/gu
const FILES_LIMIT = 50

function isPath(token: string, inCode: boolean): boolean {
  if (token.length < 3 || token.length > 300) return false
  if (/^[a-z][a-z0-9+]*:\/\//iu.test(token) || !/[\p{L}\p{N}]/u.test(token)) return false
  if (/[<>|"'=;,$!?]/u.test(token) || /^(?:@|-|\/\/|\d+(?:\.\d+)*$)/u.test(token)) return false
  const slash = token.includes('/')
  if (slash && EXTENSION.test(token)) return true
  if (slash && token.endsWith('/')) return /^[\p{L}\p{N}._@~-]/u.test(token)
  if (slash) return inCode && /^(?:\.{0,2}\/)?[\w.@-]+\/[\w.@/[\]()*-]+$/u.test(token)
  return KNOWN.test(token) && !PRODUCT.test(token)
}

/** Paths named in a text, in order, without repeats, 50 at most. URLs and product names are not paths. */
export function filePaths(text: string): string[] {
  const found = new Set<string>()
  for (const [index, piece] of text.split('`').entries()) {
    const inCode = index % 2 === 1
    for (const raw of piece.split(/[\s，、；：（）「」]+/u)) {
      if (raw.length > 400) continue
      const token = raw.replace(EDGE, '')
      if (isPath(token, inCode)) found.add(token)
      if (found.size >= FILES_LIMIT) return [...found]
    }
  }
  return [...found]
}
