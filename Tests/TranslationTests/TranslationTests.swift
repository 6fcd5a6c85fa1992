import Testing

@Suite("Translation") struct TranslationTests {}
