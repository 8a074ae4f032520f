import { describe, expect, it } from 'vitest';
import { parseSsml } from '../../src/core/ssml.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';

describe('SSML', () => {
  it('is read as the text and the elements that it is made of', () => {
    const tokens = valueIn(
      parseSsml(
        '<?xml version="1.0"?>\n<!-- a call --><speak><sub alias=\'a &amp; b\'>&lt;c&#x41;&#66;&#9;</sub><break time="1s"/></speak> ',
      ),
    );
    expect(tokens).toEqual([
      { kind: 'open', name: 'speak', attributes: new Map() },
      { kind: 'open', name: 'sub', attributes: new Map([['alias', 'a & b']]) },
      { kind: 'text', text: '<cAB\t' },
      { kind: 'close', name: 'sub' },
      { kind: 'open', name: 'break', attributes: new Map([['time', '1s']]) },
      { kind: 'close', name: 'break' },
      { kind: 'close', name: 'speak' },
    ]);
  });

  it.each([
    ['nothing', '', 'must be inside <speak>'],
    ['words alone', 'Your code', 'must be inside <speak>'],
    ['another root', '<p>a</p>', 'must be inside <speak>'],
    ['two roots', '<speak>a</speak><speak>b</speak>', 'goes on after </speak>'],
    ['an open root', '<speak>a', 'does not close <speak>'],
    ['crossing elements', '<speak><p><s>a</p></s></speak>', 'closes <p> where another element is open'],
    ['a bare less-than sign', '<speak>1 < 2</speak>', 'has a < that begins no tag'],
    ['a bare ampersand', '<speak>a & b</speak>', 'has an & that begins no known entity'],
    ['an entity of HTML', '<speak>a&nbsp;b</speak>', 'has an & that begins no known entity'],
    ['the number of no character', '<speak>&#0;</speak>', 'has an & that begins no known entity'],
    ['half of a pair', '<speak>&#xD800;</speak>', 'has an & that begins no known entity'],
    ['a number beyond Unicode', '<speak>&#x110000;</speak>', 'has an & that begins no known entity'],
    [
      'a bare ampersand in an attribute',
      '<speak><sub alias="a & b">c</sub></speak>',
      'has an attribute twice, or with an & that begins no known entity',
    ],
    [
      'an attribute twice',
      '<speak><break time="1s" time="2s"/></speak>',
      'has an attribute twice, or with an & that begins no known entity',
    ],
    ['a control character', '<speak>a\u0007</speak>', 'has a control character, which XML cannot hold'],
  ])('with %s is refused', (_, ssml, message) => {
    expect(problemsIn(parseSsml(ssml))).toEqual([{ path: '', message }]);
  });
});
