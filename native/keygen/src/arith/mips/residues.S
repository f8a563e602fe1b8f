/*
 * Remainders of long numbers by many small primes, for MIPS32 release 2.
 *
 * void signet_mips_residues(const Division *division)
 *
 * For each prime p < 2^28: e(i) = 2^(32 (i + 1)) mod p for i = 0 .. 8, each less than 1.25 p, in registers. Then each number from the top,
 * eight words w at a time, by Horner's rule and one reduction (P. Montgomery, 1985) for the eight:
 *
 *      S = (S e(8) + w(7) e(7) + ... + w(0) e(0)) / 2^32 mod p
 *
 * A reduction of a value V is hi(V) - hi(lo(V) / p mod 2^32 * p) + p, which is less than V / 2^32 + p. So S < (9 * 1.25 + 1) p < 2^32,
 * and the sum is less than 2^32 * 9 * 1.25 p < 2^64. No branch and no address depends on a number; the division is of a constant by p.
 */

        .text
        .set    noreorder
        .set    noat
        .set    nomips16

NUMBERS = 0             /* where the numbers begin */
COUNT = 4               /* how many they are */
WORDS = 8               /* of each */
PRIMES = 12
PRIMES_END = 16
REMAINDERS = 20         /* of the first number; those of the next follow */

#define e0      $2
#define e1      $3
#define e2      $4
#define e3      $5
#define e4      $6
#define e5      $7
#define e6      $8
#define e7      $9
#define e8      $10
#define p       $11
#define inverse $12
#define s       $13
#define even    $14
#define odd     $15
#define t       $24
#define words   $25
#define begin   $1
#define entry   $16
#define number  $17
#define left    $18
#define out     $19
#define prime   $20
#define stride  $21
#define first   $22
#define column  $23
#define args    $30

/* to = the value in HI and LO reduced. */
        .macro  reduce  to
        mflo    t
        mfhi    \to
        mul     t, t, inverse
        multu   t, p
        addu    \to, \to, p
        mfhi    t
        subu    \to, \to, t
        .endm

        .macro  next_power to, from
        multu   \from, e1
        reduce  \to
        .endm

        .globl  signet_mips_residues
        .hidden signet_mips_residues
        .type   signet_mips_residues, @function
        .ent    signet_mips_residues
signet_mips_residues:
        addiu   $29, $29, -48
        sw      $16, 8($29)
        sw      $17, 12($29)
        sw      $18, 16($29)
        sw      $19, 20($29)
        sw      $20, 24($29)
        sw      $21, 28($29)
        sw      $22, 32($29)
        sw      $23, 36($29)
        sw      $30, 40($29)
        sw      $31, 44($29)
        move    args, $4
        lw      prime, PRIMES(args)
        lw      t, PRIMES_END(args)
        lw      column, REMAINDERS(args)
        subu    stride, t, prime
        /* The top words, 1 to 8 of them, begin at `first`; the way in is at the first one that there is. */
        lw      t, WORDS(args)
        addiu   t, t, -1
        srl     first, t, 3
        sll     first, first, 5
        andi    t, t, 7
        li      entry, 7
        subu    entry, entry, t
        sll     entry, entry, 3
        bal     .Lhere
        nop
.Lhere:
        addiu   entry, entry, .Ltop - .Lhere
        addu    entry, entry, $31
        sll     $31, t, 2
        addu    $31, $31, first

.Lprime:
        lw      p, (prime)
        /* p is its own inverse to 3 bits, and each step of Newton's iteration doubles them. */
        li      t, 2
        move    inverse, p
        .rept   4
        mul     e0, inverse, p
        subu    e0, t, e0
        mul     inverse, inverse, e0
        .endr
        li      t, -1
        divu    $0, t, p
        mfhi    e0
        addiu   e0, e0, 1
        /* 2^2, 2^4, ... 2^32 times 2^32: less than 4 p before, 2 p after the first and 1.25 p after the others. */
        sll     e1, e0, 2
        .rept   4
        next_power e1, e1
        .endr
        next_power e2, e1
        next_power e3, e2
        next_power e4, e3
        next_power e5, e4
        next_power e6, e5
        next_power e7, e6
        next_power e8, e7
        lw      number, NUMBERS(args)
        lw      left, COUNT(args)
        move    out, column

.Lnumber:
        lw      begin, (number)
        addiu   number, number, 4
        addiu   left, left, -1
        addu    t, begin, $31
        lw      even, (t)
        addu    words, begin, first
        move    odd, even
        mthi    $0
        jr      entry
        mtlo    $0

.Lwords:
        multu   s, e8
        lw      odd, 28(words)
.Ltop:
        lw      even, 24(words)
        maddu   odd, e7
        lw      odd, 20(words)
        maddu   even, e6
        lw      even, 16(words)
        maddu   odd, e5
        lw      odd, 12(words)
        maddu   even, e4
        lw      even, 8(words)
        maddu   odd, e3
        lw      odd, 4(words)
        maddu   even, e2
        lw      even, 0(words)
        maddu   odd, e1
        maddu   even, e0
        reduce  s
        bne     words, begin, .Lwords
        addiu   words, words, -32

        multu   s, e0
        reduce  s
        sltu    t, s, p
        subu    even, s, p
        movz    s, even, t
        sw      s, (out)
        bnez    left, .Lnumber
        addu    out, out, stride

        lw      t, PRIMES_END(args)
        addiu   prime, prime, 4
        bne     prime, t, .Lprime
        addiu   column, column, 4

        lw      $16, 8($29)
        lw      $17, 12($29)
        lw      $18, 16($29)
        lw      $19, 20($29)
        lw      $20, 24($29)
        lw      $21, 28($29)
        lw      $22, 32($29)
        lw      $23, 36($29)
        lw      $30, 40($29)
        lw      $31, 44($29)
        jr      $31
        addiu   $29, $29, 48
        .end    signet_mips_residues
        .size   signet_mips_residues, . - signet_mips_residues

        .section .note.GNU-stack, "", @progbits
