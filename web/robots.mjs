// Writes the patterns of robots' agents, a line each, for the program to embed: views of robots are counted apart.
import { mkdirSync, writeFileSync } from 'node:fs';
import { list } from 'isbot';

// Robots of news call themselves by many names; so do the browsers inside news apps, whose readers count.
const ours = list.filter((pattern) => !pattern.includes('news'));

// Sogou has browsers besides its spider. In a class a hyphen behind `\w` stands for itself to JavaScript; others want to be told.
const plain = ours.map((pattern) => (pattern === 'sogou' ? 'sogou[^;]*spider' : pattern).replace(/(\\[wds])-/g, '$1\\-'));

mkdirSync('dist', { recursive: true });
writeFileSync('dist/robots.txt', plain.join('\n'));
