// HTML as Azure DevOps' own editors make it: the old one (divs), the new one (paragraphs), and their toolbars.
import { annIdentity, bobIdentity } from '../people.ts';
import { type CorpusDocument, html, unmapped } from './document.ts';

const attachment = 'https://dev.azure.com/acme/_apis/wit/attachments/';

export const htmlEditor: readonly CorpusDocument[] = [
  html('nothing', ''),
  html('one line in a div', '<div>Login fails on Safari.</div>'),
  html('text before the first element', 'Seen twice.<div>Then gone.</div>'),
  html(
    'blank lines as the old editor writes them',
    '<div>first</div><div><br></div><div><br></div><div>second&nbsp;</div>',
  ),
  html('paragraphs of the new editor', '<p>First paragraph.</p><p><br></p><p>Third, with a <br>break.</p>'),
  html(
    'bold, italic, underlined, struck: by elements',
    '<div><b>bold</b> <i>italic</i> <u>under</u> <strike>struck</strike> <strong><em>both</em></strong> <s>s</s> <del>del</del> <ins>ins</ins></div>',
  ),
  html(
    'bold, italic, underlined, struck: by styles',
    '<div><span style="font-weight:bold;">b</span> <span style="font-style:italic;">i</span> <span style="text-decoration:underline;">u</span> <span style="text-decoration-line:line-through;">s</span> <span style="font-weight:700;font-style:oblique">bi</span></div>',
  ),
  html(
    'sub- and superscript',
    '<div>H<sub>2</sub>O, x<sup>2</sup>, <span style="vertical-align:super">st</span></div>',
  ),
  html(
    'colours of the toolbar',
    '<div><span style="color:rgb(255, 0, 0);">red</span> <font color="#00B050">green</font> <span style="background-color:rgb(255, 255, 0);">marked</span> <mark>mark</mark> <span style="background:#cce5ff">blue</span></div>',
  ),
  html(
    'the plain colours that pastes carry',
    '<div style="color:rgb(0, 0, 0);background-color:rgb(255, 255, 255);"><span style="color:black;">plain</span></div>',
  ),
  html(
    'a chosen font and size',
    '<div><span style="font-family:Consolas;font-size:14px;">console</span> and <font face="Arial" size="5">big</font></div>',
    'font',
    'font',
  ),
  html(
    'headings of every level',
    '<h1>One</h1><h2>Two</h2><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</h6><div>text</div>',
  ),
  html('a heading that is bold anyway', '<h2><b>Goal</b></h2><div>…</div>'),
  html('a bullet list', '<ul><li>one</li><li>two </li><li><b>three</b></li></ul>'),
  html('a numbered list from five', '<ol start="5"><li>five</li><li>six</li></ol>'),
  html('lists nested as they should be', '<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>'),
  html('lists nested as the old editor leaves them', '<ul><li>a</li><ul><li>b</li><li>c</li></ul><li>d</li></ul>'),
  html(
    'items in divs and with blank ones',
    '<ul><li><div>first</div></li><li><br></li><li><div>last</div><div>two lines</div></li></ul>',
  ),
  html(
    'letters and Roman numerals',
    '<ol type="a"><li>a</li></ol><ol style="list-style-type:upper-roman;"><li>I</li></ol><ol reversed><li>2</li><li>1</li></ol>',
    'numbering',
    'numbering',
    'numbering',
  ),
  html('a list without bullets', '<ul style="list-style-type:none;"><li>no bullet</li></ul>', 'numbering'),
  html(
    'check boxes as web pages have them',
    '<ul><li><input type="checkbox" checked disabled> Write</li><li><input type="checkbox"> Review</li></ul>',
  ),
  html('check boxes typed by hand', '<ul><li>[x] done</li><li>[ ] open</li></ul>'),
  html('check boxes in plain lines', '<div>☐ open</div><div>☑ done</div>'),
  html(
    'indented by the toolbar',
    '<blockquote style="margin:0 0 0 40px;border:none;padding:0px;"><div>once</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px;"><div>twice</div></blockquote></blockquote>',
  ),
  html('a quotation of the new editor', '<blockquote><p>They said so.</p><p>Twice.</p></blockquote>'),
  html(
    'centred, right, and justified',
    '<div style="text-align:center;">centre</div><p style="text-align:right">right</p><div align="center">old centre</div><center>older</center>',
  ),
  html('justified text', '<p style="text-align:justify;">from edge to edge</p>', 'style'),
  html('a rule', '<div>a</div><hr><div>b</div>'),
  html('code of the new editor', '<pre><code class="language-csharp">var x = 1;\nif (x &lt; 2) { }\n</code></pre>'),
  html(
    'code of the old editor',
    '<pre><code><div>var x = 1;</div><div><br></div><div>&nbsp; return x;</div></code></pre>',
  ),
  html(
    'code in a line',
    '<div>Run <code>npm&nbsp;test</code> and press <kbd>Enter</kbd>, <samp>ok</samp>, <tt>tt</tt>.</div>',
  ),
  html('bold in code', '<div><code>a <b>b</b></code></div>', 'code'),
  html(
    'coloured code as an IDE pastes it',
    '<pre style="font-family:Consolas;font-size:13px;color:black;background:white;"><span style="color:blue;">public</span> <span style="color:#2b91af;">Task</span> Run();</pre>',
    'font',
    'code',
  ),
  html(
    'a link, a link to a mailbox, a link around bold',
    '<div><a href="https://wiki.example/a?b=1&amp;c=2">wiki</a>, <a href="mailto:a@b.example">mail</a>, <a href="https://x.example" target="_blank" rel="noopener"><b>bold</b> link</a></div>',
  ),
  html('a link with a title', '<div><a href="https://x.example/1" title="More about it">here</a></div>'),
  html(
    'a link to a work item as the editor makes it',
    '<div>See <a href="https://dev.azure.com/acme/Tandem/_workitems/edit/42" data-vss-mention="version:1.0">#42</a> first.</div>',
  ),
  html(
    'mentions',
    `<div><a href="#" data-vss-mention="version:2.0,${annIdentity}">@Ann Lee (ACME)</a>&nbsp;and <a href="#" data-vss-mention="version:2.0,${bobIdentity}">@Bob Ödegård</a>: look.</div>`,
  ),
  unmapped(
    html(
      'a mention of somebody unknown',
      '<div><a href="#" data-vss-mention="version:2.0,11111111-0000-4000-8000-000000000000">@Former Colleague</a> knew.</div>',
      'person',
    ),
  ),
  html('emoji of the picker', '<div>Great 😀👍🏽 <span>🎉</span> &#128640; &#x2705;</div>'),
  html('an image pasted from the clipboard', `<div><img src="${attachment}f1?fileName=image.png" alt=Image></div>`),
  html(
    'images with sizes',
    `<div><img src="${attachment}f1?fileName=a.png" alt="a" width="320" height="200"></div><div><img src="${attachment}f2?fileName=b.png" alt="b" style="width:480px"></div><div style="text-align:center"><img src="${attachment}f3?fileName=c.png" style="width:50%"></div>`,
  ),
  html(
    'an image in the middle of a line',
    `<div>Press <img src="${attachment}f1?fileName=i.png" alt="the button"> twice</div>`,
  ),
  html(
    'an image that is a link',
    `<div><a href="https://x.example/big"><img src="${attachment}f1?fileName=s.png" alt="small"></a></div>`,
  ),
  html('an image from another site', '<p><img src="https://img.example/logo.svg" alt="Logo"></p>'),
  unmapped(
    html(
      'an attached image without a copy',
      `<div>Look: <img src="${attachment}9?fileName=plan%20b.png" alt="plan"></div>`,
      'file',
    ),
  ),
  html(
    'images that cannot be fetched',
    '<div>a <img src="cid:image001.png@01D8"> b <img src="data:image/png;base64,AAAA" alt="dot"> c <img src="file:///C:/x.png"></div>',
    'file',
    'file',
    'file',
  ),
  html(
    'a table of the new editor',
    '<table><thead><tr><th>Name</th><th>Age</th></tr></thead><tbody><tr><td>Ann</td><td>41</td></tr><tr><td>Bob</td><td><br></td></tr></tbody></table>',
  ),
  html(
    'a table of the old editor',
    '<table style="border-collapse:collapse;"><tbody><tr><td style="border:1px solid rgb(0, 0, 0);padding:4px;"><b>k</b></td><td style="border:1px solid;">v<br></td></tr></tbody></table>',
  ),
  html(
    'spans, colours and alignment in a table',
    '<table border="1"><tbody><tr><td colspan="2" style="background-color:#ffeeee;text-align:center;">wide</td></tr><tr><td rowspan="2" valign="middle">tall</td><td bgcolor="#eeffee">green</td></tr><tr><td style="text-align:right;">1.00</td></tr></tbody></table>',
  ),
  html(
    'columns of widths in pixels and in per cent',
    '<table border="1" style="width:600px;"><tr><td style="width:200px;">a</td><td width="400">b</td></tr></table><table border="1"><tr><td style="width:30%;">c</td><td style="width:70%;">d</td></tr></table>',
    'table',
    'table',
  ),
  html('a table with a caption', '<table><caption>Prices</caption><tbody><tr><td>1</td></tr></tbody></table>', 'table'),
  html(
    'lists and code in cells',
    '<table><tr><td><ul><li>a</li></ul></td><td><pre><code>x</code></pre></td><td><div>one</div><div>two</div></td></tr></table>',
  ),
  html(
    'two columns without borders',
    '<table border="0" style="width:100%;border:none;"><tr><td style="width:50%;vertical-align:top;">left</td><td style="width:50%;vertical-align:top;">right</td></tr></table>',
  ),
  html(
    'steps as the template of a bug asks for them',
    '<ol><li>Open the page</li><li>Click <b>Save</b></li></ol><div><br></div><div><b>Expected:</b> saved</div><div><b>Actual:</b> <span style="color:#ff0000;">error</span></div>',
  ),
  html(
    'acceptance criteria in a table and a list',
    '<div><b>Given</b> a user<br><b>When</b> she logs in<br><b>Then</b> she sees her board</div><ul><li>also on a phone</li></ul>',
  ),
  html(
    'a definition list',
    '<dl><dt>Pair</dt><dd>an issue and its work item</dd><dt>Side</dt><dd>Jira or Azure DevOps</dd></dl>',
    'element',
  ),
  html('details that open', '<details><summary>Log</summary><p>line</p></details>', 'element'),
  html(
    'an abbreviation and a tooltip',
    '<div>The <abbr title="Hypertext Markup Language">HTML</abbr> <span title="by hand">text</span></div>',
    'tooltip',
    'tooltip',
  ),
];
