/** English and Simplified Chinese: most sellers read Chinese. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One sentence in every language. */
export type Words = Readonly<Record<Language, string>>;
