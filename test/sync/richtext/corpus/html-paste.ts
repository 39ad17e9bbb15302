// What people paste into Azure DevOps: Word, Outlook, Excel, Teams, web pages, chats, other trackers. And what breaks or attacks.
import { type CorpusDocument, html } from './document.ts';

export const htmlPastes: readonly CorpusDocument[] = [
  html(
    'paragraphs of Word',
    '<p class=MsoNormal style="margin:0in 0in 8pt;line-height:107%;">Dear <b>team</b>,<o:p></o:p></p>\n<p class=MsoNormal style="margin:0in;"><o:p>&nbsp;</o:p></p>\n<p class=MsoNormal>see below.</p>',
  ),
  html(
    'fonts of Word',
    '<p class=MsoNormal style="margin:0in;font-size:11pt;font-family:Calibri, sans-serif;">Calibri text</p>',
    'font',
  ),
  html(
    'a bullet list of Word',
    '<p class=MsoListParagraphCxSpFirst style="margin:0in 0in 0in .5in;text-indent:-.25in;mso-list:l0 level1 lfo1"><span>·<span>&nbsp;&nbsp;&nbsp; </span></span>first</p><p class=MsoListParagraphCxSpMiddle style="margin-left:1.0in;text-indent:-.25in;mso-list:l0 level2 lfo1"><span>o<span>&nbsp;&nbsp; </span></span>nested</p><p class=MsoListParagraphCxSpLast style="margin-left:.5in;text-indent:-.25in;mso-list:l0 level1 lfo1"><span>·<span>&nbsp; </span></span>second</p>',
  ),
  html(
    'a numbered list of Word',
    '<p style="margin-left:.5in;text-indent:-.25in;mso-list:l1 level1 lfo2;"><![if !supportLists]><span style="mso-list:Ignore;">3.<span>&nbsp; </span></span><![endif]>third</p><p style="margin-left:.5in;text-indent:-.25in;mso-list:l1 level1 lfo2;"><span style="mso-list:Ignore;">4.<span>&nbsp; </span></span>fourth</p>',
  ),
  html(
    'a table of Word',
    '<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style="border-collapse:collapse;border:none;"><tr><td width=133 valign=top style="width:99.55pt;border:solid windowtext 1.0pt;background:#C9C9C9;padding:0in 5.4pt;"><p class=MsoNormal><b>Head</b></p></td></tr><tr style="height:20pt"><td width=133 valign=top style="width:99.55pt;border:solid windowtext 1.0pt;"><p class=MsoNormal>cell</p></td></tr></table>',
  ),
  html(
    'tracked changes and small capitals of Word',
    '<p><ins>added</ins> <del>removed</del> <span style="font-variant:small-caps;">Small Caps</span> <span style="text-transform:uppercase;">upper</span></p>',
    'style',
    'style',
  ),
  html(
    'a mail of Outlook with its header',
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in;"><p class=MsoNormal><b>From:</b> Ann Lee &lt;ann@acme.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Support<br><b>Subject:</b> RE: Login</p></div><p class=MsoNormal>Still broken.</p>',
    'style',
  ),
  html(
    'a quoted reply of a mail',
    '<div>I agree.</div><blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex;"><div>Shall we?</div><blockquote><div>Lunch</div></blockquote></blockquote>',
    'placement',
  ),
  html(
    'a signature with a logo',
    '<div>--&nbsp;</div><div><b>Ann Lee</b><br><span style="color:#7f7f7f;">Head of Support</span><br><a href="https://acme.example">acme.example</a></div>',
  ),
  html(
    'cells of Excel',
    '<table border=0 cellpadding=0 cellspacing=0 width=128 style="border-collapse:collapse;width:96pt"><colgroup><col width=64 span=2 style="width:48pt"></colgroup><tbody><tr height=20 style="height:15.0pt"><td height=20 width=64 style="height:15.0pt;width:48pt">Item</td><td width=64 style="width:48pt" align=right>3.5</td></tr><tr height=20><td height=20>Sum</td><td align=right>7</td></tr></tbody></table>',
  ),
  html(
    'a row of Excel with a merged and a coloured cell',
    '<table border="1"><tr><td colspan=3 style="background:#FFC000;font-weight:700;text-align:center">Plan 2026</td></tr><tr><td>Q1</td><td>Q2</td><td>Q3</td></tr></table>',
  ),
  html(
    'a chat of Teams',
    '<div><div><div><b>Ann Lee</b>&nbsp;&nbsp;10:42</div><div>build is red</div></div><div><div><b>Bob</b>&nbsp;&nbsp;10:43</div><div>on it 👀</div></div></div>',
  ),
  html(
    'a passage of a web page',
    '<div style="box-sizing:border-box;margin:0px 0px 1em;orphans:2;widows:2;-webkit-text-stroke-width:0px;word-spacing:0px;letter-spacing:normal;text-transform:none;white-space:normal;display:inline !important;float:none;"><span style="">Plain</span><span> text</span></div>',
  ),
  html(
    'a web page with its fonts, shadows and frames',
    '<section style="font:16px/1.5 system-ui;box-shadow:0 0 4px #888;border:1px solid #eee;"><h3 style="letter-spacing:2px;">Title</h3><p style="background:#f6f8fa;">grey paragraph</p></section>',
    'font',
    'style',
    'style',
    'style',
    'style',
  ),
  html(
    'a notice in colours of a panel',
    '<div style="background-color:#deebff;border-left:4px solid #0052cc;padding:8px 12px;"><p>Read this first.</p></div>',
  ),
  html(
    'a text of Jira that was copied there',
    '<p data-renderer-start-pos="1">Copied <code class="code">x</code> <span class="status-lozenge-span" style="background-color:#dfe1e6;color:#42526e;">TO DO</span></p><div class="expand"><p>▸ not ours</p></div>',
  ),
  html(
    'a text of Google Docs',
    '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;"><span style="font-size:11pt;font-family:Arial;color:#000000;background-color:transparent;font-weight:700;white-space:pre-wrap;">Bold</span><span style="white-space:pre-wrap;"> normal</span></p></b>',
    'font',
  ),
  html('a page of a wiki with notes', '<p>Term<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">The note</li></ol>'),
  html(
    'figures, frames and readings',
    '<figure><img src="https://img.example/f.png" alt="f"><figcaption>Fig. 1</figcaption></figure><fieldset><legend>Group</legend>in</fieldset><p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> <q>quoted</q></p><address>Acme</address>',
    'element',
    'element',
    'element',
    'element',
    'element',
  ),
  html(
    'text from right to left',
    '<div dir="rtl">שלום <b>עולם</b></div><p style="direction:rtl;">مرحبا</p>',
    'style',
    'style',
  ),
  html(
    'big and small words',
    '<div>normal <big>big</big> <small>small</small></div><div><small>all small</small></div>',
    'font',
    'font',
  ),
  html(
    'text that stands on its head',
    '<p style="writing-mode:vertical-rl;">a</p><p style="opacity:.5">faint</p><span style="text-decoration:underline wavy;text-decoration-color:#ff0000;">wavy</span>',
    'style',
    'style',
    'style',
  ),
];

export const htmlBroken: readonly CorpusDocument[] = [
  html('tags that nobody closes', '<div><b>bold<div>still bold<p>and <i>italic'),
  html('tags closed in the wrong order', '<p><b>one <i>two</b> three</i></p>'),
  html('a table torn apart', '<table><tr><td>a<td>b<tr><td>c</table>text<td>d'),
  html('text inside a table but outside its cells', '<table>stray<tr>more<td>cell</td></tr></table>'),
  html(
    'attributes without quotes and with the wrong ones',
    "<div style=color:red align=center>x</div><a href=https://x.example/?a=b&c=d>y</a><img src=https://img.example/a.png alt='it\"s'>",
  ),
  html(
    'entities, known and made up',
    '<div>&lt;b&gt; &amp;amp; &copy; &hellip; &notanentity; &#8364; &#x20AC; &euro &nbsp</div>',
  ),
  html('raw line ends and tabs', '<div>one\r\n\ttwo\n\n   three</div>\r\n'),
  html('nothing but spaces and comments', ' <!-- nothing --> \n<div> </div><p></p>'),
  html(
    'scripts and handlers',
    '<script>alert(1)</script><div onclick="alert(1)">x<img src="https://img.example/x.png" onerror="alert(1)"></div><style>*{display:none}</style>',
    'active',
  ),
  html(
    'addresses that run',
    '<a href="javascript:alert(1)">a</a> <a href=" jAvA&#10;scRipt:alert(1)">b</a> <a href="data:text/html,x">c</a>',
    'address',
    'address',
    'address',
  ),
  html(
    'frames, forms, objects and videos',
    '<iframe src="https://evil.example"></iframe><form><input type="text" value="1"><button>go</button></form><object data="x"></object><video src="v.mp4"></video><div>left</div>',
    'active',
    'active',
    'active',
    'active',
    'active',
  ),
  html(
    'drawings and formulas',
    '<svg><circle r="1"/></svg><math><mi>x</mi></math><canvas></canvas><p>text</p>',
    'active',
    'active',
    'active',
  ),
  html(
    'a style that loads and one that covers the page',
    '<div style="background:url(https://evil.example/x.png);position:fixed;">x</div>',
    'style',
    'style',
  ),
  html(
    'hidden parts',
    '<div style="display:none">secret</div><p hidden>more</p><p>seen<span style="mso-hide:all">not</span></p>',
  ),
  html(
    'a heading and a rule in a list, a table in a quotation',
    '<ul><li><h3>Title</h3><hr></li></ul><blockquote><table border="1"><tr><td>1</td><td>2</td></tr></table></blockquote>',
    'placement',
    'placement',
    'placement',
  ),
  html(
    'aligned text in a list and in a panel',
    '<ul><li style="text-align:center;"><div style="text-align:center">c</div></li></ul>',
    'block-style',
  ),
  html(
    'four quotations in one another',
    '<blockquote>1<blockquote>2<blockquote>3<blockquote>4</blockquote></blockquote></blockquote></blockquote>',
    'placement',
    'placement',
    'placement',
  ),
  html('a thousand spans around a word', `${'<span>'.repeat(1000)}word${'</span>'.repeat(1000)}`, 'depth'),
  html('an unknown element of another world', '<custom-card data-id="7"><slot>inside</slot></custom-card>'),
  html('half a surrogate and a byte order mark', '<div>\ufeffa\ud800b</div>', 'characters'),
];
