/// The style sheet of a report: for a screen, light or dark, and for paper.
enum ReportStyle {
  /// What the charts' colours are called: `l0` to `l5` are the levels, `none` what was not assessed.
  static let sheet = Markup.verbatim(
    """
    :root{color-scheme:light dark;
    --paper:#fff;--ink:#1b2430;--soft:#5b6877;--line:#dfe4ea;--wash:#f5f7f9;--accent:#0f6b74;
    --alarm:#b3261e;--alarm-wash:#fdeceb;--good:#1d7a46;--good-wash:#e7f5ec;--warn:#9a6200;--warn-wash:#fff3da;
    --track:#e9edf1;--l0:#d5dfe6;--l1:#b4d5d9;--l2:#84bcc3;--l3:#4c9ea8;--l4:#1f7a86;--l5:#0b4f59;--none:#eceff2;
    --on-light:#1b2430;--on-dark:#fff}
    @media (prefers-color-scheme:dark){:root{
    --paper:#12171d;--ink:#e8edf2;--soft:#9aa7b4;--line:#2b343e;--wash:#1a2129;--accent:#6cc5cf;
    --alarm:#ff9a92;--alarm-wash:#3a1d1c;--good:#7fd3a2;--good-wash:#15301f;--warn:#f0bd63;--warn-wash:#352810;
    --track:#242d36;--l0:#34424d;--l1:#2e5860;--l2:#2f7580;--l3:#3d96a2;--l4:#66b8c3;--l5:#a6e0e7;--none:#222a32;
    --on-light:#12171d;--on-dark:#e8edf2}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:15px/1.5 "Inter","Segoe UI",system-ui,-apple-system,"Helvetica Neue","Noto Sans","DejaVu Sans",Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
    main,header.cover,footer{max-width:1120px;margin:0 auto;padding:0 28px}
    header.cover{padding-top:44px;padding-bottom:8px}
    .kind{color:var(--accent);font-weight:600;letter-spacing:.04em;margin:0}
    h1{font-size:34px;line-height:1.2;margin:.1em 0 .3em;letter-spacing:-.01em}
    h2{font-size:23px;line-height:1.25;margin:0 0 .5em;padding-top:30px;letter-spacing:-.005em}
    h3{font-size:16px;margin:26px 0 8px}
    p{margin:.4em 0}
    .lead{font-size:17px}
    .soft,small,.note{color:var(--soft)}
    .note{font-size:13px}
    a{color:var(--accent);text-decoration:none}
    a:hover,a:focus-visible{text-decoration:underline}
    a.f{color:inherit;border-bottom:1px dotted var(--soft)}
    a.f:hover{border-bottom-style:solid;text-decoration:none}
    code{font:12.5px/1.4 ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    dl.facts{display:flex;flex-wrap:wrap;gap:4px 28px;margin:14px 0 0;font-size:13px}
    dl.facts div{display:flex;gap:8px}
    dl.facts dt{color:var(--soft)}
    dl.facts dd{margin:0}
    nav{margin:18px 0 0;padding:12px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:13.5px;line-height:1.9}
    nav a{margin-right:10px;white-space:nowrap}
    nav .codes{display:block;overflow-wrap:anywhere}
    .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px;margin:6px 0 20px}
    .tile{background:var(--wash);border-radius:8px;padding:12px 14px}
    .tile b{display:block;font-size:27px;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
    .tile span{font-size:13px;color:var(--soft)}
    .tile.bad b{color:var(--alarm)}
    .tile.fine b{color:var(--good)}
    .pair{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:12px 32px;align-items:start;margin:0 0 8px}
    .pair.wide{grid-template-columns:minmax(0,1fr)}
    .pair.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
    figure{margin:0}
    figcaption{font-weight:600;font-size:14px;margin:0 0 8px}
    .chart{display:block;width:100%;height:auto}
    .meter{width:74px;height:14px;vertical-align:-2px}
    svg text{font-size:13px;fill:var(--ink)}
    svg .tick{font-size:11.5px;fill:var(--soft)}
    svg .nil{fill:var(--soft)}
    svg .value{font-weight:600}
    svg .track{fill:var(--track)}
    svg .l0{fill:var(--l0)}svg .l1{fill:var(--l1)}svg .l2{fill:var(--l2)}svg .l3{fill:var(--l3)}svg .l4{fill:var(--l4)}svg .l5{fill:var(--l5)}
    svg .none{fill:var(--none);stroke:var(--soft);stroke-dasharray:3 2}
    svg .on-none,svg .on-l0,svg .on-l1,svg .on-l2,svg .on-l3,svg .on-l4,svg .on-l5{font-size:11.5px}
    svg .on-l3,svg .on-l4,svg .on-l5{fill:var(--on-dark)}
    @media (prefers-color-scheme:dark){svg .on-l4,svg .on-l5{fill:var(--on-light)}}
    svg .link{fill:var(--l4)}svg .open-link{fill:var(--soft)}
    svg .grid{stroke:var(--line);stroke-width:1}
    svg .steps{fill:none;stroke:var(--accent);stroke-width:2.5}
    svg .span{stroke:var(--warn);stroke-width:3}
    svg .ours{fill:var(--accent)}svg .customers{fill:var(--paper);stroke:var(--accent);stroke-width:2.5}
    .legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12.5px;color:var(--soft);margin:6px 0 0}
    .legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px;vertical-align:-1px}
    i.l0{background:var(--l0)}i.l1{background:var(--l1)}i.l2{background:var(--l2)}i.l3{background:var(--l3)}i.l4{background:var(--l4)}i.l5{background:var(--l5)}i.none{background:var(--none);border:1px dashed var(--soft)}
    i.ours{background:var(--accent)}i.customers{background:var(--paper);border:2px solid var(--accent)}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-size:13px;color:var(--soft);padding:0 0 4px}
    th{text-align:left;font-weight:600;font-size:12.5px;color:var(--soft);border-bottom:1.5px solid var(--line);padding:5px 10px 5px 0;vertical-align:bottom}
    td{border-bottom:1px solid var(--line);padding:6px 10px 6px 0;vertical-align:top;unicode-bidi:isolate;overflow-wrap:break-word}
    th:last-child,td:last-child{padding-right:0}
    td.n,th.n{text-align:right}td.n{white-space:nowrap}
    td.k{white-space:nowrap}
    td.n + td:not(.n),th.n + th:not(.n){padding-left:14px}
    td.t{min-width:14em;overflow-wrap:anywhere}
    td.text{white-space:pre-line}
    .empty{color:var(--soft)}
    .w{white-space:nowrap}
    .gone{color:var(--soft);font-style:italic}
    .tag{display:inline-block;border-radius:99px;padding:0 9px;font-size:12.5px;line-height:1.6;background:var(--track);white-space:nowrap}
    .tag.red,.tag.unsupported,.tag.overdue,.tag.expired,.tag.revoked,.tag.voided,.tag.missed{background:var(--alarm-wash);color:var(--alarm)}
    .tag.green,.tag.done,.tag.ready,.tag.met{background:var(--good-wash);color:var(--good)}
    .tag.amber,.tag.stuck,.tag.to-review,.tag.unfounded,.tag.to-assess,.tag.waived,.tag.expiring{background:var(--warn-wash);color:var(--warn)}
    .sources{font-size:12.5px;color:var(--soft);margin-top:18px;border-top:1px solid var(--line);padding-top:8px}
    .sources h3{font-size:13px;margin:0 0 4px}
    .sources ul{margin:0;padding:0;list-style:none;columns:2;column-gap:32px}
    .sources li{break-inside:avoid;padding:1px 0}
    li:target,tr:target{background:var(--warn-wash)}
    .changes td{font-size:13px}
    section.department{border-top:2px solid var(--line);margin-top:36px}
    footer{padding-top:28px;padding-bottom:48px;font-size:13px;color:var(--soft)}
    @media screen and (max-width:760px){.pair{grid-template-columns:minmax(0,1fr)}.sources ul{columns:1}h1{font-size:27px}main,header.cover,footer{padding-left:16px;padding-right:16px}}
    @page{size:A4;margin:15mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#5b6877}}
    @media print{
    :root{color-scheme:light;--paper:#fff;--ink:#1b2430;--soft:#5b6877;--line:#dfe4ea;--wash:#f5f7f9;--accent:#0f6b74;
    --alarm:#b3261e;--alarm-wash:#fdeceb;--good:#1d7a46;--good-wash:#e7f5ec;--warn:#9a6200;--warn-wash:#fff3da;
    --track:#e9edf1;--l0:#d5dfe6;--l1:#b4d5d9;--l2:#84bcc3;--l3:#4c9ea8;--l4:#1f7a86;--l5:#0b4f59;--none:#eceff2;--on-light:#1b2430;--on-dark:#fff}
    svg .on-l4,svg .on-l5{fill:#fff}
    body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    main,header.cover,footer{max-width:none;padding-left:0;padding-right:0}
    header.cover{padding-top:0}
    nav,section.screen,#summary .sources{display:none}
    h2{padding-top:16px;font-size:16pt}
    h1{font-size:25pt}
    h2,h3,h3 + p,h2 + p,figcaption,caption{break-after:avoid}
    h3{margin:12px 0 4px;font-size:11pt}figcaption{margin-bottom:4px;font-size:10pt}.pair{margin-bottom:6px}
    table{font-size:8.6pt}th{font-size:8.1pt;padding:3px 8px 3px 0}td{padding:3.2px 8px 3.2px 0}
    .changes td{font-size:8.6pt}
    svg text{font-size:15px}svg .tick,svg [class^=on-]{font-size:13px}.even svg .tick{font-size:16px}
    td.n + td:not(.n),th.n + th:not(.n){padding-left:12px}
    thead{display:table-header-group}
    tr,figure,.tile,.tiles,.pair{break-inside:avoid}
    .pair.wide{break-inside:auto}
    td.t{min-width:14em}
    .scroll{overflow:visible}
    .tile{border:1px solid var(--line);padding:8px 10px}.tile b{font-size:18pt}.tile span,.note{font-size:8.8pt}
    .tiles{grid-template-columns:repeat(5,1fr);gap:8px}
    .tiles.small{grid-template-columns:repeat(6,1fr);gap:6px;margin-bottom:10px}.tiles.small .tile{padding:5px 8px}.tiles.small b{font-size:15pt}.tiles.small span{font-size:8pt;line-height:1.25;display:block}
    section.page{break-before:page;border-top:0;margin-top:0}
    #journey,section.department{break-inside:avoid}
    section.department{margin-top:14px}
    section.page h2{padding-top:0}section.department h2{padding-top:8px}
    .sources{font-size:7.8pt;margin-top:10px}section.department .sources ul{columns:3;column-gap:20px}.lead{font-size:11.5pt}section.department .tiles{margin:4px 0 10px}.tile{min-height:0}
    a{color:inherit}a.f{border-bottom:0}
    li:target,tr:target{background:none}}
    """)
}
