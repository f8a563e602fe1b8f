/*
 * Multiplication of long numbers for MIPS32 release 2, little endian or big, without an FPU (24Kc).
 *
 * `maddu` adds a product of two words to HI and LO, one a cycle, so the art is to get many of them out of every load and every move
 * from and to HI and LO. A row of n limbs (n = 8 .. 11) of one factor is held in registers while the other factor passes through a
 * window of n registers: each column of the product costs n `maddu` and 7 more instructions.
 *
 * Limbs have 28 bits. One factor of each product is a word "raised": limb * 16. A column's sum S is then found split at the word:
 * LO is its low limb, raised, and HI the carry, whose weight in the next column is HI * 16 (one more multiplication). For columns of at
 * most 11 products S <= 11 (2^28 - 1) (2^32 - 16) + 16 (2^32 - 1) + 2 (2^32 - 1) < 2^64, and HI < 2^32: nothing is lost.
 *
 * `signet_mips_run(steps)` runs steps up to one whose routine is null. A routine reads its step and may use every register but $0, $26,
 * $27 (the system's) and $29, where its variables are. No branch and no address depends on a limb. Sums are kept raised in memory
 * ("sums" below); factors that pass through the window are not raised.
 *
 * On a 24K a `mfhi` waits some four cycles for the last `maddu`; each column pays that once.
 */

        .text
        .set    noreorder
        .set    noat
        .set    nomips16
        .altmacro

/* A step, as in steps.rs. */
ROUTINE = 0
FACTOR = 4              /* the rows: limbs of one factor */
WINDOW = 8              /* the other factor */
SUM = 12                /* where the first column goes */
LENGTH = 16             /* bytes of the other factor */
ROWS = 20
SHRINK = 24             /* bytes by which the other factor gets shorter, at its low end, from row to row */
PHASE = 28              /* limbs to add to the other factor for a multiple of n */
RAISE = 32              /* 1 when the rows are to be raised */
LOW = 36                /* what the sums are multiplied by: in the first row, before the limbs of the other factor end */
HIGH = 40               /* and beyond */

/* Variables on the stack. */
STEP = 16
ROW = 20
BEGIN = 24
END = 28
COLUMN = 32
COUNT = 36
ENTRY = 40
SCALE = 44
PENDING = 48            /* the carry out of a row: for the column where the window of the next row of the same n runs empty */
PENDING_1 = 52          /* and for the column after that one */
CARRY = 56
SAVED = 64
FRAME = 112

/* Registers: factor i in $(2 + i), window j in $(13 + j). */
#define t       $1
#define carry   $24
#define sum     $25
#define window  $28
#define sixteen $30
#define scale   $31

        .macro  mac_registers i, j
        maddu   $\i, $\j
        .endm

/* Adds factor i times window j. */
        .macro  mac     i, j
        mac_registers %(2+(\i)), %(13+(\j))
        .endm

        .macro  load_register register, offset, base
        lw      $\register, \offset(\base)
        .endm

        .macro  load_factor i, base
        load_register %(2+(\i)), %(4*(\i)), \base
        .endm

        .macro  load_window j, offset
        load_register %(13+(\j)), %(\offset), window
        .endm

        .macro  raise_register register
        sll     $\register, $\register, 4
        .endm

        .macro  raise_factor i
        raise_register %(2+(\i))
        .endm

/* One column: its sum at `offset` and the products of factors from .. to, factor i by window (place - i) mod n. */
        .macro  column  n, place, offset, from, to
        lw      t, \offset(sum)
        multu   carry, sixteen
        .set    i, \to
        .rept   (\to) - (\from) + 1
        mac     i, ((\place)-i+2*\n)%\n
        .set    i, i - 1
        .endr
        maddu   t, scale
        mfhi    carry
        mflo    t
        sw      t, \offset(sum)
        .endm

/* The first n columns, for a window that begins at register `phase`. */
        .macro  fill    n, phase
        load_window \phase, 4*(\phase)
        lw      t, 4*(\phase)(sum)
        multu   t, scale
        mac     0, \phase
        mfhi    carry
        mflo    t
        sw      t, 4*(\phase)(sum)
        .set    k, 1
        .rept   \n - 1
        load_window (k+\phase)%\n, 4*(k+\phase)
        column  \n, k+\phase, 4*(k+\phase), 0, k
        .set    k, k + 1
        .endr
        .endm

        .macro  fill_and_enter n, phase
        fill    \n, \phase
        addiu   window, window, 4*\n
        b       .Lplace_\n\()_\phase
        addiu   sum, sum, 4*\n
        .endm

        .macro  steady  n, place
.Lplace_\n\()_\place:
        load_window \place, 4*(\place)
        column  \n, \place, 4*(\place), 0, (\n-1)
        .endm

/*
 * sums = sums * scale + factor * other factor, row by row. The rows are FACTOR + n i, the other factor WINDOW + SHRINK i, the sums begin
 * at SUM + (n + SHRINK) i. The columns of a row beyond its LENGTH have the scale HIGH, the others LOW in the first row and 1 later.
 */
        .macro  rows    n
        .globl  signet_mips_rows_\n
        .hidden signet_mips_rows_\n
        .type   signet_mips_rows_\n, @function
signet_mips_rows_\n:
        lw      $2, STEP($29)
        lw      $3, FACTOR($2)
        lw      $4, WINDOW($2)
        lw      $5, SUM($2)
        lw      $6, LENGTH($2)
        lw      $7, ROWS($2)
        lw      $8, PHASE($2)
        lw      $9, LOW($2)
        sw      $3, ROW($29)
        addu    $6, $6, $4
        sw      $6, END($29)
        sw      $7, COUNT($29)
        sw      $9, SCALE($29)
        sll     $10, $8, 2
        subu    $4, $4, $10
        subu    $5, $5, $10
        sw      $4, BEGIN($29)
        sw      $5, COLUMN($29)
        lw      $3, PENDING($29)
        sw      $3, PENDING_1($29)
        sw      $0, PENDING($29)
        li      $11, 4*(8*\n+2+\n*(\n-1)/2)
        multu   $8, $11
        bal     .Lbase_\n
        li      sixteen, 16
.Lbase_\n:
        mflo    $8
        addiu   $8, $8, .Lfill_\n - .Lbase_\n
        addu    $8, $8, $31
        sw      $8, ENTRY($29)
.Lrow_\n:
        lw      t, ROW($29)
        lw      $24, STEP($29)
        lw      $24, RAISE($24)
        .set    i, 0
        .rept   \n
        load_factor i, t
        .set    i, i + 1
        .endr
        addiu   t, t, 4*\n
        beqz    $24, 1f
        sw      t, ROW($29)
        .set    i, 0
        .rept   \n
        raise_factor i
        .set    i, i + 1
        .endr
1:
        lw      t, ENTRY($29)
        lw      window, BEGIN($29)
        lw      sum, COLUMN($29)
        jr      t
        lw      scale, SCALE($29)

/* All of one length. */
.Lfill_\n:
        .set    phase, 0
        fill    \n, 0
        b       .Lfilled_\n
        addiu   window, window, 4*\n
        nop
        .set    phase, 1
        .rept   \n - 1
        fill_and_enter \n, %phase
        .set    phase, phase + 1
        .endr
.if     . - .Lfill_\n - 4*\n*(8*\n+2+\n*(\n-1)/2)
        .error  "the ways in are not of one length"
        .endif

.Lloop_\n:
        .set    place, 0
        .rept   \n
        steady  \n, %place
        .set    place, place + 1
        .endr
        addiu   window, window, 4*\n
.Lfilled_\n:
        lw      t, END($29)
        bne     window, t, .Lloop_\n
        addiu   sum, sum, 4*\n

        lw      scale, STEP($29)
        lw      t, PENDING($29)
        lw      scale, HIGH(scale)
        addu    carry, carry, t
        column  \n, 0, 0, 1, (\n-1)
        lw      t, PENDING_1($29)
        addu    carry, carry, t
        .set    k, 1
        .rept   \n - 1
        column  \n, k, 4*k, k+1, (\n-1)
        .set    k, k + 1
        .endr
        sw      carry, PENDING($29)
        sw      $0, PENDING_1($29)

        lw      $2, STEP($29)
        lw      $3, SHRINK($2)
        lw      $4, BEGIN($29)
        lw      $5, COLUMN($29)
        lw      $6, COUNT($29)
        li      $7, 1
        addu    $4, $4, $3
        addu    $5, $5, $3
        addiu   $5, $5, 4*\n
        addiu   $6, $6, -1
        sw      $4, BEGIN($29)
        sw      $5, COLUMN($29)
        sw      $6, COUNT($29)
        bnez    $6, .Lrow_\n
        sw      $7, SCALE($29)
        b       .Lnext
        nop
        .size   signet_mips_rows_\n, . - signet_mips_rows_\n
        .endm


        .macro  twice_registers twice, raised
        srl     $\twice, $\raised, 3
        .endm

/* Window i = 2 * factor i. */
        .macro  twice   i
        twice_registers %(13+(\i)), %(2+(\i))
        .endm

        .macro  square_registers raised
        srl     window, $\raised, 4
        maddu   window, $\raised
        .endm

        .macro  square  i
        square_registers %(2+(\i))
        .endm

/* Column k of the square of n limbs. */
        .macro  square_column n, k
        lw      t, 4*(\k)(sum)
        multu   carry, sixteen
        .set    i, 0
        .if     (\k) >= \n
        .set    i, (\k) - \n + 1
        .endif
        .rept   ((\k) + 1) / 2 - i
        mac     i, (\k)-i
        .set    i, i + 1
        .endr
        .if     (\k) % 2 == 0
        square  i
        .endif
        maddu   t, scale
        mfhi    carry
        mflo    t
        sw      t, 4*(\k)(sum)
        .endm

/*
 * sums = sums * 2 + the squares of the rows. The scale of the sums is LOW in the lower half of the first square and HIGH in the upper half
 * of the last one.
 */
        .macro  squares n
        .globl  signet_mips_squares_\n
        .hidden signet_mips_squares_\n
        .type   signet_mips_squares_\n, @function
signet_mips_squares_\n:
        lw      $2, STEP($29)
        li      sixteen, 16
        lw      carry, CARRY($29)
        lw      sum, SUM($2)
        lw      t, FACTOR($2)
        lw      $3, ROWS($2)
        lw      scale, LOW($2)
        sw      $3, COUNT($29)
.Lsquare_\n:
        .set    i, 0
        .rept   \n
        load_factor i, t
        .set    i, i + 1
        .endr
        addiu   t, t, 4*\n
        sw      t, ROW($29)
        .set    i, 0
        .rept   \n
        raise_factor i
        twice   i
        .set    i, i + 1
        .endr
        .set    k, 0
        .rept   \n
        square_column \n, k
        .set    k, k + 1
        .endr
        /* COUNT = 1: HIGH, else 2. */
        lw      t, COUNT($29)
        lw      window, STEP($29)
        li      scale, 2
        addiu   t, t, -1
        sw      t, COUNT($29)
        lw      window, HIGH(window)
        movz    scale, window, t
        .rept   \n - 1
        square_column \n, k
        .set    k, k + 1
        .endr
        lw      t, 4*k(sum)
        multu   carry, sixteen
        maddu   t, scale
        lw      window, COUNT($29)
        mfhi    carry
        mflo    t
        sw      t, 4*k(sum)
        li      scale, 2
        lw      t, ROW($29)
        bnez    window, .Lsquare_\n
        addiu   sum, sum, 8*\n
        b       .Lnext
        sw      carry, CARRY($29)
        .size   signet_mips_squares_\n, . - signet_mips_squares_\n
        .endm

/* sums = factor (raised) * other factor modulo 2^(28 n). */
        .macro  low     n
        .globl  signet_mips_low_\n
        .hidden signet_mips_low_\n
        .type   signet_mips_low_\n, @function
signet_mips_low_\n:
        lw      $2, STEP($29)
        li      sixteen, 16
        lw      t, FACTOR($2)
        lw      window, WINDOW($2)
        lw      sum, SUM($2)
        .set    i, 0
        .rept   \n
        load_factor i, t
        load_window i, 4*i
        .set    i, i + 1
        .endr
        multu   $2, $13
        .set    k, 1
        .rept   \n - 1
        mfhi    carry
        mflo    t
        sw      t, 4*(k-1)(sum)
        multu   carry, sixteen
        .set    i, 0
        .rept   k + 1
        mac     i, k-i
        .set    i, i + 1
        .endr
        .set    k, k + 1
        .endr
        mflo    t
        b       .Lnext
        sw      t, 4*(k-1)(sum)
        .size   signet_mips_low_\n, . - signet_mips_low_\n
        .endm

        rows    8
        rows    9
        rows    10
        rows    11
        squares 8
        squares 9
        squares 10
        squares 11
        low     8
        low     9
        low     10
        low     11

/*
 * SUM = FACTOR lowered and shifted: raised limbs become limbs, times 2^(4 - LOW). PHASE + LENGTH / 4 is a multiple of 8.
 */
        .globl  signet_mips_finish
        .hidden signet_mips_finish
        .type   signet_mips_finish, @function
signet_mips_finish:
        lw      $2, STEP($29)
        lw      $3, FACTOR($2)
        lw      $4, SUM($2)
        lw      $5, LENGTH($2)
        lw      $6, PHASE($2)
        lw      $7, LOW($2)
        addu    $5, $5, $3
        sll     $8, $6, 2
        subu    $3, $3, $8
        subu    $4, $4, $8
        sll     $9, $6, 4
        addu    $8, $8, $9
        addu    $8, $8, $8
        subu    $8, $8, $9
        bal     1f
        move    $9, $0
1:
        addiu   $8, $8, 2f - 1b
        addu    $8, $8, $31
        jr      $8
        nop
2:
        .set    i, 0
        .rept   8
        lw      $10, 4*i($3)
        srlv    $10, $10, $7
        addu    $10, $10, $9
        srl     $9, $10, 28
        ext     $10, $10, 0, 28
        sw      $10, 4*i($4)
        .set    i, i + 1
        .endr
        addiu   $3, $3, 32
        bne     $3, $5, 2b
        addiu   $4, $4, 32
        b       .Lnext
        nop
        .size   signet_mips_finish, . - signet_mips_finish

/* void signet_mips_run(const Step *steps) */
        .globl  signet_mips_run
        .hidden signet_mips_run
        .type   signet_mips_run, @function
        .ent    signet_mips_run
signet_mips_run:
        addiu   $29, $29, -FRAME
        sw      $16, SAVED($29)
        sw      $17, SAVED+4($29)
        sw      $18, SAVED+8($29)
        sw      $19, SAVED+12($29)
        sw      $20, SAVED+16($29)
        sw      $21, SAVED+20($29)
        sw      $22, SAVED+24($29)
        sw      $23, SAVED+28($29)
        sw      $28, SAVED+32($29)
        sw      $30, SAVED+36($29)
        sw      $31, SAVED+40($29)
        sw      $0, PENDING($29)
        sw      $0, CARRY($29)
        b       .Lrun
        sw      $4, STEP($29)
.Lnext:
        lw      $4, STEP($29)
        addiu   $4, $4, HIGH + 4
        sw      $4, STEP($29)
.Lrun:
        lw      $5, ROUTINE($4)
        beqz    $5, 1f
        nop
        jr      $5
        nop
1:
        lw      $16, SAVED($29)
        lw      $17, SAVED+4($29)
        lw      $18, SAVED+8($29)
        lw      $19, SAVED+12($29)
        lw      $20, SAVED+16($29)
        lw      $21, SAVED+20($29)
        lw      $22, SAVED+24($29)
        lw      $23, SAVED+28($29)
        lw      $28, SAVED+32($29)
        lw      $30, SAVED+36($29)
        lw      $31, SAVED+40($29)
        jr      $31
        addiu   $29, $29, FRAME
        .end    signet_mips_run
        .size   signet_mips_run, . - signet_mips_run

        .section .note.GNU-stack, "", @progbits
