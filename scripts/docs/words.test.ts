/** Everything that README and docs/ name exists: files, chapters, commands, options. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMON } from '../deskmate/command/command-line.ts';
import { routeOf } from '../deskmate/command/route.ts';
import { verbs } from '../deskmate/verbs.ts';
import { root } from '../preflight.mjs';

const FOLDERS = [
  'agent',
  'agent/client',
  'firmware',
  'hal',
  'sim',
  'scripts',
  'scripts/deb',
  'docs',
];
const documents = [
  'README.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  ),
];
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const targets = [...read('Makefile').matchAll(/^([a-z-]+):.*##/gm)].map(([, name]) => name);
const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

/** As GitHub makes anchors of headings. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Text in `code` and in code blocks: what a reader types. */
const typed = (text: string): string[] => [
  ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
  ...[...text.matchAll(/^```(?! ?\w*-)[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.replace(/\s#.*$/, '')),
  ),
];

describe.each(documents)('%s', (file) => {
  const text = read(file);

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
      .map(([, inline, below]) => inline ?? below ?? '')
      .filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      const [to = '', anchor] = link.split('#');
      const target = to ? path.join(path.dirname(file), to) : file;
      if (!existsSync(path.join(root, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names commands that exist, with options that they take', () => {
    const unknown = typed(text).flatMap((code) => {
      const wrong: string[] = [];
      for (const [all, name = ''] of code.matchAll(/\bmake ([a-z][a-z-]*)/g))
        if (!targets.includes(name)) wrong.push(all);
      for (const [all, name = ''] of code.matchAll(/\bnpm run (?:-\S+ )*([a-z:]+)/g))
        if (!scripts.includes(name)) wrong.push(all);
      for (const [all, name = '', rest = ''] of code.matchAll(
        /\bdeskmate(?:\.js)? ([a-z]+(?: [a-z]+)?)((?: +--?[a-z]+)*)/g,
      )) {
        const route = routeOf(name.split(' '), verbs);
        const verb = route.kind === 'verb' ? route.verb : undefined;
        if (route.kind === 'unknown') wrong.push(all);
        for (const flag of rest.match(/--[a-z]+/g) ?? [])
          if (!(flag.slice(2) in { ...COMMON, ...verb?.flags })) wrong.push(all);
      }
      return wrong;
    });
    expect(unknown).toEqual([]);
  });
});
