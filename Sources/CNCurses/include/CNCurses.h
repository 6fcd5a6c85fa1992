#pragma once
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stdint.h>

/* The part of ncursesw that Swift cannot see (macros, variadic functions, globals), and what has to be safe in a signal
   handler: giving the terminal back. */

enum {
    CN_OK = 0,
    CN_NOT_A_TERMINAL = 1,
    CN_NO_TERM = 2,
    CN_UNKNOWN_TERM = 3,
    CN_FAILED = 4,
};

enum {
    CN_BOLD = 1,
    CN_DIM = 2,
    CN_UNDERLINE = 4,
    CN_REVERSE = 8,
};

/* Installs the signal handlers, then takes the terminal. `term` is the name of the terminfo entry. */
int cn_open(const char *term, bool mouse);
/* Whether the mouse is ours from now on. */
void cn_mouse(bool mouse);
/* Gives the terminal back; may be called twice and from `atexit`. */
void cn_close(void);
/* Gives the terminal back, stops the process (its whole group when `group`), and takes the terminal again when it goes
   on. Returns the signal that asked the process to end meanwhile, or 0; then the terminal was not taken again. */
int cn_suspend(bool group);
/* After a stop that could not be caught: sets the modes again; the next frame is drawn whole. */
void cn_resume(void);

/* Whether a terminfo entry of this name can be read. */
bool cn_has_entry(const char *term);
/* The number of colours of the terminal: terminfo's, 16777216 where it has direct colour. */
int cn_colors(void);
/* The sequence that a key sends by terminfo ("kcuu1"), or NULL. */
const char *cn_key(const char *capability);
/* The read end of the pipe into which the handlers write a byte per signal: its number. */
int cn_signal_pipe(void);

/* The size that the terminal has now; tells ncurses when it is another one. False when there is none. */
bool cn_size(int *width, int *height);
/* Whether the terminal takes output without blocking. */
bool cn_writable(int milliseconds);
/* -1 is the terminal's own colour. */
int cn_pair(int foreground, int background);
void cn_put(int row, int column, const wchar_t *text, unsigned attributes, int pair);
/* Forgets what is on the screen: the next flush draws everything. */
void cn_repaint(void);
void cn_cursor(int row, int column, bool visible);
void cn_flush(void);
/* Writes an operating-system command that carries no text of its own on the screen (OSC 52). */
void cn_raw(const char *bytes, size_t count);
