/** A stall with its awning. */
export const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#b3261e" d="M2 2h12l1.5 4.5a2 2 0 0 1-3.8.7 2 2 0 0 1-3.7 0 2 2 0 0 1-3.7 0 2 2 0 0 1-3.8-.7z"/><path fill="#667" d="M2 9.5h12V14H2z"/></svg>';
