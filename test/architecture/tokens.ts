// A small tokenizer for TypeScript and TSX: enough to tell code from comments and strings, not a parser.

export type Token = { kind: 'word' | 'string' | 'template' | 'regex' | 'punct'; text: string; line: number }

const NUMBER = /\d[\w.]*/y
const WORD = /[\p{ID_Start}_$#@][\p{ID_Continue}$]*/uy
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const REGEX = /\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const SKIPPED = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const TEMPLATE_PART = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y

/** A slash after one of these begins a regular expression, not a division. `<` is left out: `</p>` closes a tag. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{;>+\-*%~^]|return|typeof|case|in|of|do|else|await|yield)$/

/**
 * Tokens in order; the code inside the holes of a template follows its template, whose text has a star for each hole.
 * An apostrophe in the text of a page ("don't") has no partner on its line and becomes punctuation.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    if (!found) return null
    at += found.length
    return found
  }
  const push = (kind: Token['kind'], text: string, raw = text) => {
    tokens.push({ kind, text, line })
    line += newlines(raw)
  }

  const template = () => {
    const token: Token = { kind: 'template', text: '', line }
    tokens.push(token)
    at += 1
    while (at < source.length) {
      const part = take(TEMPLATE_PART) ?? ''
      token.text += part
      line += newlines(part)
      if (source[at] === '`') break
      at += 2
      token.text += '*'
      code('}')
    }
    at += 1
  }

  /** Reads code up to the closing brace of a template's hole, or to the end. */
  const code = (until: '}' | null) => {
    let depth = 0
    while (at < source.length) {
      const skipped = take(SKIPPED)
      if (skipped !== null) {
        line += newlines(skipped)
        continue
      }
      const char = source[at] ?? ''
      if (char === '`') {
        template()
        continue
      }
      const string = take(STRING)
      if (string !== null) {
        push('string', string.slice(1, -1), string)
        continue
      }
      const word = take(NUMBER) ?? take(WORD)
      if (word !== null) {
        push('word', word)
        continue
      }
      if (char === '/' && BEFORE_REGEX.test(tokens.at(-1)?.text ?? ';')) {
        const regex = take(REGEX)
        if (regex !== null) {
          push('regex', regex)
          continue
        }
      }
      at += 1
      if (char === '{') depth += 1
      if (char === '}' && depth-- === 0 && until !== null) return
      push('punct', char)
    }
  }

  code(null)
  return tokens
}

const newlines = (text: string): number => text.split('\n').length - 1

const parsed = new WeakMap<ReadonlyMap<string, string>, Map<string, Token[]>>()

/** Tokens of one file of a tree, read once a tree. */
export function tokensOf(tree: ReadonlyMap<string, string>, path: string): Token[] {
  const known = parsed.get(tree) ?? new Map<string, Token[]>()
  parsed.set(tree, known)
  const tokens = known.get(path) ?? tokenize(tree.get(path) ?? '')
  known.set(path, tokens)
  return tokens
}

/** Where a sequence of token texts occurs; the lines of its first tokens. A `null` matches any token. */
export function linesOf(tokens: readonly Token[], ...texts: (string | null)[]): number[] {
  return tokens.flatMap((token, i) => {
    const matches = texts.every((text, k) => {
      const other = tokens[i + k]
      return other !== undefined && (text === null || (text === other.text && other.kind !== 'string'))
    })
    return matches ? [token.line] : []
  })
}
