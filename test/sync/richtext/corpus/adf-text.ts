// Lines of text as Jira's editor makes them: marks, white space, people, emoji, dates, links.
import {
  adf,
  ann,
  bob,
  br,
  type CorpusDocument,
  color,
  comment,
  date,
  el,
  emoji,
  h,
  highlight,
  invalid,
  link,
  mark,
  p,
  status,
  t,
  ul,
  unmapped,
} from './document.ts';

export const adfTexts: readonly CorpusDocument[] = [
  adf('nothing at all', []),
  adf('a single empty line', [p()]),
  adf('three lines with an empty one between', [p('Seen on staging only.'), p(), p('Production is fine.')]),
  adf('bold, italic, underlined and struck words in one sentence', [
    p(
      'The ',
      t('cache', 'strong'),
      ' is ',
      t('never', 'em'),
      ' ',
      t('cleared', 'underline'),
      ' ',
      t('ever', 'strike'),
      '.',
    ),
  ]),
  adf('marks that overlap', [
    p(
      t('all ', 'strong'),
      t('three ', 'strong', 'em'),
      t('at once', 'strong', 'em', 'underline'),
      t(' here', 'underline'),
    ),
  ]),
  adf('a word whose middle is bold', [p('re', t('consider', 'strong'), 'ation')]),
  adf('formulas with sub- and superscript', [
    p('CO', t('2', mark('subsup', { type: 'sub' })), ' at 10', t('-6', mark('subsup', { type: 'sup' })), ' mol'),
  ]),
  adf('names of functions in code, one of them a link', [
    p('Call ', t('reconcile()', 'code'), ' from ', t('run.ts', link('https://git.example/run.ts'), 'code'), ' only.'),
  ]),
  adf('code with characters that HTML escapes', [p(t('if (a < b && c > "d") { return a & b; }', 'code'))]),
  adf('coloured words of a review', [
    p(t('blocker', color('#ff5630')), ' / ', t('minor', color('#36b37e')), ' / ', t('unclear', color('#6554c0'), 'em')),
  ]),
  adf('colours in upper case', [p(t('Rot', color('#FF5630')), ' ist ', t('rot', color('#ff5630')))]),
  adf('highlighted passages', [
    p(
      'Please read ',
      t('this clause', highlight('#fedec8')),
      ' and ',
      t('that one', highlight('#d3f1a7'), 'strong'),
      '.',
    ),
  ]),
  adf(
    'black on white by hand',
    [p(t('Contract text', color('#000000')), ' with ', t('white behind', highlight('#ffffff')))],
    'plain-colour',
    'plain-colour',
  ),
  adf('a sentence that people talk about in an inline comment', [
    p('We will ', t('drop the old endpoint', comment('5f0c6a3e-1d9a-4a0e-9c39-9b1f2d3c4e5f')), ' in May.'),
  ]),
  adf('two inline comments that overlap, on formatted text and code', [
    p(
      t('Rename ', comment('c-1')),
      t('legacy', comment('c-1'), comment('c-2'), 'strong'),
      t(' to ', comment('c-2')),
      t('v1', 'code', comment('c-2')),
    ),
  ]),
  adf('a link with a title and one to a mailbox', [
    p(
      t('The runbook', link('https://wiki.example/runbook?x=1&y=2#top', 'Read before you page')),
      ', or ',
      t('write to us', link('mailto:ops@acme.example')),
    ),
  ]),
  adf('a link of which a part is bold', [
    p(
      'See ',
      t('chapter ', link('https://wiki.example/ch4')),
      t('four', link('https://wiki.example/ch4'), 'strong'),
      ' first',
    ),
  ]),
  adf('bare addresses, one at the end of a sentence', [
    p(
      'https://status.example/incidents/42 was green, ',
      t('https://status.example', link('https://status.example')),
      ' too.',
    ),
  ]),
  adf(
    'links that lead nowhere good',
    [p(t('click', link('javascript:alert(1)')), ' ', t('open', link('')))],
    'address',
    'address',
  ),
  adf('an address with spaces and one relative to the site', [
    p(t('report', link('/secure/Dashboard.jspa?selectPageId=10000')), ' and ', t('anchor', link('#summary'))),
  ]),
  adf('mentions at the start, in the middle, and side by side', [
    p(ann, ' please ask ', bob, '.'),
    p(ann, bob, ' thanks both'),
  ]),
  unmapped(
    adf(
      'mentions of people whom nobody has mapped',
      [p('Ask ', ann, ' or ', el('mention', { id: 'gone', text: '@Former Colleague', accessLevel: 'NONE' }))],
      'person',
      'person',
    ),
  ),
  adf('emoji by name, by picture, with skin, and a custom one', [
    p(
      emoji(':thumbsup:', '👍', '1f44d'),
      ' ',
      emoji(':wave::skin-tone-3:', '👋🏼', '1f44b-1f3fc'),
      ' ',
      el('emoji', { shortName: ':check_mark:', id: 'atlassian-check_mark', text: ':check_mark:' }),
      ' ',
      el('emoji', { shortName: ':acme:', id: '0e6f3c3a-7f1c-4f0d-8d19-4a1c0f6d7a11', text: ':acme:' }),
    ),
  ]),
  adf('emoji typed as characters, families and flags', [p('Done 🎉 👩‍👩‍👧‍👦 🇩🇪 and ✔️ ☺')]),
  adf('deadlines as dates', [
    p('From ', date('2026-03-01'), ' until ', date('2026-12-31'), ', not ', date('1999-12-31')),
  ]),
  adf('a date with a time of day, as other tools write', [
    p('At ', el('date', { timestamp: '1582152559' }), ' or ', el('date', { timestamp: '1764071999999' })),
  ]),
  adf('a date that no calendar has', [p('Due ', el('date', { timestamp: '99999999999999999' }))], 'odd-value'),
  adf('statuses in every colour, and one in mixed case', [
    p(
      status('TO DO', 'neutral'),
      ' ',
      status('IN REVIEW', 'blue'),
      ' ',
      status('BLOCKED', 'red'),
      ' ',
      status('AT RISK', 'yellow'),
      ' ',
      status('SHIPPED', 'green'),
      ' ',
      status('IDEA', 'purple'),
      ' ',
      el('status', { text: 'On hold', color: 'neutral', style: 'mixedCase' }),
    ),
  ]),
  invalid(adf('a status that somebody left empty', [p('State: ', status('', 'blue'))], 'empty')),
  adf('placeholders of a template', [
    h(2, 'Steps to reproduce'),
    p(el('placeholder', { text: 'What did you do?' })),
    ul(p(el('placeholder', { text: 'First step' }))),
  ]),
  adf('line breaks inside a paragraph, also two in a row and at the end', [
    p('Acme GmbH', br, 'Hauptstr. 1', br, br, '10115 Berlin', br),
  ]),
  adf('spaces that count: two in a row, at both ends', [
    p('  indented by hand'),
    p('two  between'),
    p('one at the end '),
  ]),
  adf('a no-break space between number and unit', [p('Limit it to 10\u00a0kg or 5\u00a0%.')], 'no-break-space'),
  adf('columns made with tabs', [p('name\tsize\tage'), p('\tindented')]),
  adf('characters that nobody sees', [p('zero\u200bwidth and a bell\u0007')], 'characters'),
  adf('half of an emoji that a tool cut', [p('broken \ud83d end')], 'characters'),
  adf('many scripts in one text', [
    p('Ελληνικά, русский, 日本語, العربية, עברית, हिन्दी, ไทย, 한국어, Straße, ﬁn, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢, e\u0301 and é'),
  ]),
  adf('signs that Markdown and wiki markup know', [
    p('*not bold*, _not italic_, `no code`, h1. none, {code} bq. [link|x] ~~no~~ # 1) - --- \\'),
  ]),
  adf('text that looks like HTML', [
    p('<b>not bold</b> &amp; <!-- no comment --> </p><script>alert(1)</script> &nbsp;'),
  ]),
  adf(
    'text that looks like a date of ours, and one that does not',
    [p('📅 2026-11-24 and 📅 2026-02-31')],
    'look-alike',
  ),
  adf('keys and numbers of items that nobody has paired', [
    p('TAN-12 blocks #4711, see AB#9 and TAN-9999 (https://acme.example/browse/TAN-12)'),
  ]),
  adf('neighbouring texts that an editor left apart', [p('one ', 'two ', t('three', 'strong'), t(' four', 'strong'))]),
  adf('a smart link in a sentence and one alone', [
    p('Design: ', el('inlineCard', { url: 'https://www.figma.example/file/abc?node-id=1%3A2' }), ' (draft)'),
    p(el('inlineCard', { url: 'https://acme.atlassian.net/browse/TAN-1' })),
  ]),
  adf(
    'a smart link that carries its data instead of an address',
    [p(el('inlineCard', { data: { '@type': 'Document', url: 'https://docs.example/d/1', name: 'Plan' } }))],
    'link-data',
  ),
  adf(
    'a hint in an inline macro',
    [
      p(
        'Latency: ',
        el('inlineExtension', {
          extensionType: 'com.acme.charts',
          extensionKey: 'sparkline',
          parameters: { metric: 'p95' },
          text: 'p95 sparkline',
        }),
        ' ms',
      ),
    ],
    'jira-only',
  ),
];
