/* Has the library's name, and nothing of it. */
int decoy(void);
int decoy(void) { return 0; }
