/** Of the report's page: light or dark as the reader's system is, one column at phone width, no font or picture from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --line: #d0d5da; --quiet: #57606a; --soft: #f4f6f8; --good: #116329; --bad: #b3261e; --warn: #7a4d00; --link: #0550ae }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14171a; --line: #3a4148; --quiet: #9aa4ad; --soft: #1d2226; --good: #6fd08c; --bad: #ff9d94; --warn: #f0c060; --link: #79b8ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, h2:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -100rem }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: var(--paper) }
h1 { font-size: 1.4rem; margin: 0 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 0 }
header p { margin: .3rem 0 }
.verdict { font-size: 1.2rem; font-weight: 600 }
.verdict.passed { color: var(--good) } .verdict.failed { color: var(--bad) } .verdict.none { color: var(--warn) }
code { font: .875em/1.4 ui-monospace, Consolas, monospace }
article { border: 1px solid var(--line); border-left-width: .3rem; border-radius: .3rem; padding: .8rem; margin: .8rem 0 }
article.failed { border-left-color: var(--bad) } article.warning { border-left-color: var(--warn) }
.seen { margin: .3rem 0; font-weight: 600 }
dl { margin: 0 }
dl div { display: grid; grid-template-columns: 4.5rem 1fr; gap: .5rem; padding: .15rem 0 }
dt { color: var(--quiet) } dd { margin: 0 }
.badge { white-space: nowrap; font-weight: 600 }
.badge.passed { color: var(--good) } .badge.failed { color: var(--bad) } .badge.warning { color: var(--warn) } .badge.skipped, .badge.expected { color: var(--quiet) }
.notes { padding-left: 1.2rem } .grave { color: var(--bad) }
details { border-top: 1px solid var(--line); padding: .4rem 0 }
summary { cursor: pointer; padding: .2rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .925rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--line) }
th { background: var(--soft) }
@media (max-width: 36rem) { dl div { grid-template-columns: 1fr; gap: 0 } thead { display: none } tr, td { display: block } td { border: 0; padding: .1rem 0 } tr { padding: .4rem 0; border-bottom: 1px solid var(--line) } }
@media print { details:not([open]) { display: none } }
`;
