// What Asciidoctor sees of pages, in the form of `specgen parse --stage blocks`.
//
//     node asciidoctor_view.mjs ROOT < names
//
// ROOT is the docs root; the names of pages below it come one a line. The package is looked
// for where ASCIIDOCTOR_MODULES points, a folder in which somebody ran
// `npm install --no-save @asciidoctor/core@2.2.8`. For development only: it reads pages
// without a safe mode, so feed it nothing but your own.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const modules = path.resolve(process.env.ASCIIDOCTOR_MODULES ?? '.')
const asciidoctor = createRequire(path.join(modules, 'x.cjs'))('@asciidoctor/core')()
asciidoctor.LoggerManager.setLogger(asciidoctor.MemoryLogger.create())

const root = path.resolve(process.argv[2])
const names = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)

function place(block, page) {
  const location = block.getSourceLocation()
  const file = location && location.getFile()
  return {
    file: file ? path.relative(root, path.resolve(root, file)) : page,
    line: location ? location.getLineNumber() : null,
  }
}

function view(page) {
  const full = path.join(root, page)
  const document = asciidoctor.loadFile(full, {
    safe: 'unsafe',
    sourcemap: true,
    base_dir: path.dirname(full),
  })
  const listings = document.findBy({ context: 'listing' }).map((block) => ({
    ...place(block, page),
    style: block.getStyle() ?? null,
    language: block.getAttribute('language') || null,
    source: block.getSource(),
  }))
  // Asciidoctor tells no place for a title that `:doctitle:` alone gives: here it is that line.
  const entry = document.getSourceLines().findIndex((line) => line.startsWith(':doctitle:')) + 1
  const sections = document.findBy({ context: 'section' }).map((section) => ({
    ...place(section, page),
    ...(section.getSourceLocation() ? {} : { line: entry }),
    level: section.getLevel(),
    title: section.getTitle()?.replaceAll(root, '/docs-root') ?? null,
  }))
  return { page, listings, sections }
}

const pages = names.map((page) => {
  try {
    return view(page)
  } catch (trouble) {
    return { page, listings: [], sections: [], trouble: String(trouble) }
  }
})
process.stdout.write(JSON.stringify({ pages }))
