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

#include "steps.inc"
#include "rows.inc"
#include "squares.inc"

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
