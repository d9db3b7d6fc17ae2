// Renders the guide: every page below docs/ becomes HTML that brings its own style.
//
//     node docs/render.mjs INTO
//
// `make guide` calls it. Asciidoctor is looked for where ASCIIDOCTOR_MODULES points, a folder in
// which somebody ran `npm install @asciidoctor/core@2.2.8`. Whatever Asciidoctor has to say of a
// page ends it with exit code 1. The list of pages beside each comes from the start page.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const docs = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname)
const into = path.resolve(process.argv[2])
const modules = path.resolve(process.env.ASCIIDOCTOR_MODULES ?? '.')
const asciidoctor = createRequire(path.join(modules, 'x.cjs'))('@asciidoctor/core')()
const complaints = asciidoctor.MemoryLogger.create()
asciidoctor.LoggerManager.setLogger(complaints)

const style =
  fs.readFileSync(path.join(docs, '../templates/report.css'), 'utf8') +
  fs.readFileSync(path.join(docs, 'guide.css'), 'utf8')
const attributes = { showtitle: '', idprefix: '', idseparator: '-', 'table-caption!': '' }

function load(name) {
  const file = path.join(docs, name)
  const base_dir = path.dirname(file)
  return asciidoctor.load(fs.readFileSync(file, 'utf8'), { safe: 'safe', base_dir, attributes })
}

// Links of the start page, by its sections, as they are seen from another page.
function pagesList(from) {
  const up = path.relative(path.dirname(from), '.') || '.'
  const parts = load('index.asciidoc').getSections().map((section) => {
    const links = adapted(section.convert()).matchAll(/<a href="([^"#]+\.html)"[^>]*>(.*?)<\/a>/g)
    const items = [...links].map(([, href, text]) => {
      const here = href === html(from) ? ' aria-current="page"' : ''
      return `<li><a href="${up}/${href}"${here}>${text}</a></li>`
    })
    return `<h2>${section.getTitle()}</h2><ul>${items.join('')}</ul>`
  })
  return `<p><a href="${up}/index.html">The guide</a></p>${parts.join('')}`
}

function html(name) {
  return name.replace(/\.asciidoc$/, '.html')
}

function contents(document) {
  const items = document
    .getSections()
    .map((each) => `<li><a href="#${each.getId()}">${each.getTitle()}</a></li>`)
  return items.length > 2 ? `<ul class="contents">${items.join('')}</ul>` : ''
}

// Other pages are HTML as well, and what is wider than the screen is scrolled by keyboard, too.
function adapted(text) {
  return text
    .replaceAll(/href="([^":]+)\.asciidoc(["#])/g, 'href="$1.html$2')
    .replaceAll('<pre class="', '<pre tabindex="0" class="')
    .replaceAll(/<table[^]*?<\/table>/g, '<div class="wide" tabindex="0">$&</div>')
    .replaceAll(/<code>([^<]{1,28})<\/code>/g, '<code class="short">$1</code>')
}

function whole(name) {
  const document = load(name)
  const title = document.getDocumentTitle().replaceAll(/<[^>]+>/g, '')
  const text = adapted(document.convert()).replace('</h1>', `</h1>${contents(document)}`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} · specgen</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>${style}</style></head><body class="guide">
<main><p class="jump"><a href="#pages">All pages</a></p>${text}</main>
<nav id="pages" aria-label="Pages">${pagesList(name)}</nav>
</body></html>
`
}

for (const name of fs.readdirSync(docs, { recursive: true }).sort()) {
  const target = path.join(into, html(name))
  if (!/\.(asciidoc|svg)$/.test(name)) continue
  fs.mkdirSync(path.dirname(target), { recursive: true })
  if (name.endsWith('.asciidoc')) fs.writeFileSync(target, whole(name))
  else fs.copyFileSync(path.join(docs, name), target)
}

for (const each of complaints.getMessages()) {
  console.error(`${each.getSeverity()}: ${each.getText()}`)
  process.exitCode = 1
}
