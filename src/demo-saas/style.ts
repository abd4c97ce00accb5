/** The one stylesheet, at `/style.css`: a content security policy then allows no inline style and no script at all. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: light-dark(#0b57d0, #8ab4f8); --wrong: light-dark(#b3261e, #f2b8b5); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 40rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: center; margin-bottom: 1.5rem; }
label { display: block; font-weight: 600; margin-bottom: 1rem; }
input, textarea, button { padding: .6rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem; }
input, textarea { display: block; width: 100%; margin-top: .25rem; }
textarea { min-height: 6rem; resize: vertical; }
button { padding-inline: 1.2rem; font-weight: 600; border-color: var(--accent); cursor: pointer; background: none; color: var(--accent); }
button.quiet { padding: .3rem .7rem; font-weight: 400; border-color: var(--line); color: inherit; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { color: var(--wrong); font-weight: 600; }
.muted { opacity: .75; font-size: .9rem; }
ul { list-style: none; padding: 0; margin: 2rem 0 0; }
li { padding: 1rem 0; border-top: 1px solid var(--line); }
li p { margin: 0 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
li div { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: space-between; align-items: center; }
`;
